package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/**
 * One reading of a stream: takes elements as there is room for them, and puts together what becomes of them in their order.
 * Elements that are under way are branches of the run, and so is the search for the next one. Used on the run's thread.
 */
final class Reading {

    /** How far elements may be ahead of the slowest, in as many as are under way at a time. */
    private static final int AHEAD = 16;

    /** Of the elements that are collected, how many make the next checkpoint worth its length. */
    private static final int SHARE = 8;

    /** Of all that is collected, as JSON. */
    private static final long MOST_BYTES = 8L << 20;

    private final TaskInterpreter tasks;
    private final Task.ReadStream task;
    private final Frame frame;
    private final EffectLog log;
    private final Checkpoints checkpoints;
    private final CallsUnderWay underWay;
    private final Parking parking;
    private final Work work;
    private final Loop loop;
    private final Clock clock;
    private final Parking.Fork branches;
    private final Pull<List<Streamer.Element>> pull;

    private final Deque<Streamer.Element> ahead = new ArrayDeque<>();
    private final Map<Integer, Ended> early = new HashMap<>();
    private Progress progress;
    private Progress noted;
    private int taken;
    private int working;
    private long bytes;
    private final Sinks.Empty<Void> enough = Sinks.empty();
    private boolean over;
    private boolean last;
    private Sinks.@Nullable Empty<Void> room;

    Reading(
            TaskInterpreter tasks,
            Task.ReadStream task,
            Frame frame,
            Progress before,
            Streamer.Source source,
            EffectLog log,
            Checkpoints checkpoints,
            CallsUnderWay underWay,
            Parking parking,
            Work work,
            Loop loop,
            Clock clock) {
        this.tasks = tasks;
        this.task = task;
        this.frame = frame;
        this.log = log;
        this.checkpoints = checkpoints;
        this.underWay = underWay;
        this.parking = parking;
        this.work = work;
        this.loop = loop;
        this.clock = clock;
        this.progress = before;
        this.noted = before;
        this.taken = before.done();
        this.bytes = before.collected() == null ? 0 : Json.bytes(before.collected()).length;
        this.branches = parking.fork(1);
        this.pull = Pull.of(source.open(before.place()));
    }

    /**
     * How a stream ended.
     *
     * @param last whether the workflow ends with it
     */
    record End(Progress progress, boolean last) {}

    /** Reads to the end. Ends with {@link TaskFault}, {@link CallFailure} and {@link Expired}. */
    Mono<End> run() {
        return Mono.defer(this::next)
                .repeat(() -> !over)
                .takeUntilOther(enough.asMono())
                .doOnComplete(branches::ended)
                .flatMap(this::process, Integer.MAX_VALUE)
                .concatMap(this::settle)
                .then(Mono.fromSupplier(() -> new End(progress, last)));
    }

    /** Closes the connection, and gives up what is under way. */
    void close() {
        pull.dispose();
        branches.close();
    }

    /** What is done, whatever is under way. */
    Progress now() {
        return at(progress.state());
    }

    /**
     * The same where a state has become of it, no further than to a place that may be stored: what is not known of calls that are
     * given up is known to be so.
     */
    Progress at(State state) {
        Progress done = isStorable(progress) ? progress : progress.back(noted);
        return done.left(state.unresolved(state.unresolved().and(underWay.within(frame.at()))));
    }

    /** The next element; empty when it has to be looked for once more. */
    private Mono<Taken> next() {
        boolean full = working >= task.concurrency() || taken - progress.done() >= AHEAD * task.concurrency();
        return full ? parking.behind(room()).then(Mono.empty()) : loop.turn(this::take);
    }

    private Mono<Void> room() {
        Sinks.Empty<Void> awaited = Sinks.empty();
        room = awaited;
        return awaited.asMono();
    }

    private Mono<Taken> take() {
        Streamer.Element element = ahead.poll();
        if (element == null) {
            return parking.awaiting(batch()).flatMap(this::add);
        }
        working++;
        branches.another();
        return Mono.just(new Taken(taken++, element, progress.state()));
    }

    private Mono<Optional<List<Streamer.Element>>> batch() {
        Mono<Optional<List<Streamer.Element>>> batch = pull.next().publishOn(log.scheduler());
        Deadline deadline = frame.deadline();
        if (deadline == null) {
            return batch;
        }
        Duration left = Duration.between(clock.instant(), deadline.due());
        Mono<Optional<List<Streamer.Element>>> expired = Mono.error(() -> new Expired(deadline));
        return left.isPositive()
                ? Mono.firstWithSignal(batch, Mono.delay(left, log.scheduler()).then(expired))
                : expired;
    }

    private Mono<Taken> add(Optional<List<Streamer.Element>> batch) {
        batch.ifPresentOrElse(ahead::addAll, () -> over = true);
        return Mono.empty();
    }

    private Mono<Ended> process(Taken element) {
        Position at = frame.at().iteration(element.index() + 1).processing();
        State start =
                element.before().withData(log.scrubber().scrub(element.element().value()));
        if (task.tasks().tasks().isEmpty()) {
            return Mono.just(element.ended(at, new Step(start, FlowDirective.CONTINUE), null));
        }
        Arguments scope = frame.scope()
                .with(task.item(), start.data())
                .with(task.at(), JsonNodeFactory.instance.numberNode(element.index()))
                .with("context", start.context());
        return checkpoints
                .restore(task.base(), at)
                .map(Mono::just)
                .orElseGet(() -> tasks.sequence(task.tasks(), frame.in(scope).at(at), start)
                        .flatMap(step -> note(at, start, step)))
                .map(step -> element.ended(at, step, null))
                .onErrorResume(TaskFault.class, fault -> faulted(element, at, fault));
    }

    /** No other begins; those under way are heard of as in a fork, before they are cancelled. */
    private Mono<Ended> faulted(Taken element, Position at, TaskFault fault) {
        var _ = enough.tryEmitEmpty();
        return work.settled().thenReturn(element.ended(at, new Step(fault.state(), FlowDirective.CONTINUE), fault));
    }

    /** One that comes after another is replaced by what is noted of the stream soon enough. */
    private Mono<Step> note(Position at, State start, Step step) {
        return task.concurrency() == 1 ? Mono.just(step) : checkpoints.note(task.base(), at, start, step);
    }

    private Mono<Void> settle(Ended ended) {
        if (ended.fault() != null) {
            return Mono.error(ended.fault().with(left(ended, progress.state())));
        }
        early.put(ended.index(), kept(ended));
        for (Ended next = early.remove(progress.done()); next != null; next = early.remove(progress.done())) {
            progress = progress.after(next.after(), next.step().state().data(), left(next, progress.state()));
        }
        if (ended.step().then() instanceof FlowDirective.End) {
            last = true;
            var _ = enough.tryEmitEmpty();
        }
        if (progress.collected() != null && (progress.done() > task.limit() || bytes > MOST_BYTES)) {
            return Mono.error(new TaskFault(tooMany(), progress.state()));
        }
        return note().doFinally(noted -> leave());
    }

    /** What is waited for by nobody is not kept: the slowest may take its time. */
    private Ended kept(Ended ended) {
        State state = ended.step().state();
        if (progress.collected() == null) {
            return ended.with(new Step(
                    state.withData(NullNode.getInstance()), ended.step().then()));
        }
        bytes += Json.bytes(state.data()).length;
        return ended;
    }

    /** Room is made before the branch ends: else nothing would seem to be left but the search for the next element. */
    private void leave() {
        working--;
        Sinks.Empty<Void> awaited = room;
        room = null;
        if (awaited != null) {
            awaited.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
        branches.ended();
    }

    /** What an element leaves of the state of the stream. */
    private State left(Ended ended, State now) {
        State before = ended.before();
        State after = ended.step().state();
        return new State(
                now.data(),
                Join.changed(before.context(), after.context(), now.context()),
                after.clock().isAfter(now.clock()) ? after.clock() : now.clock(),
                now.effects() + after.effects() - before.effects(),
                now.unresolved().outside(ended.at()).and(after.unresolved().inside(ended.at())));
    }

    private Mono<Void> note() {
        if (!isWorthwhile()) {
            return Mono.empty();
        }
        noted = progress;
        return checkpoints
                .noteIteration(task.base(), frame.at().iteration(progress.done()), progress.step())
                .then();
    }

    private DslError tooMany() {
        String detail = "The stream has more elements than an output may have of it, which is " + task.limit()
                + " of 8 MB together.";
        return ErrorType.RUNTIME.at(task.base().reference(), detail);
    }

    private boolean isWorthwhile() {
        Streamer.Place place = progress.place();
        boolean far = Checkpoints.due(progress.state().effects() - noted.state().effects())
                || !place.mark().equals(noted.place().mark());
        int collected = progress.collected() == null ? 0 : progress.collected().size();
        return far && progress.done() - noted.done() >= collected / SHARE && isStorable(progress);
    }

    /** A place that has something secret in it would lead nowhere without that. */
    private boolean isStorable(Progress done) {
        JsonNode mark = done.place().mark();
        return log.scrubber().scrub(mark).equals(mark);
    }

    /** An element whose turn it is, and what was there when it came. */
    private record Taken(int index, Streamer.Element element, State before) {

        Ended ended(Position at, Step step, @Nullable TaskFault fault) {
            return new Ended(index, element.after(), before, at, step, fault);
        }
    }

    /** An element that is done with, or has ended the stream. */
    private record Ended(
            int index,
            Streamer.Place after,
            State before,
            Position at,
            Step step,
            @Nullable TaskFault fault) {

        Ended with(Step other) {
            return new Ended(index, after, before, at, other, fault);
        }
    }
}
