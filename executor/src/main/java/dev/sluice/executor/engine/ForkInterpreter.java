package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.shared.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fork}: branches at the same time, each of which sees data and context as they were at the fork. Which branch came
 * first is chance, so where that matters it is an entry: the winner of branches that compete, and the branch whose fault
 * ends a fork whose branches do not. The others are cancelled, and replay looks at the one alone. What the calls of those
 * others did is not known, which the entry says too: whoever repeats them does so with their keys.
 */
final class ForkInterpreter {

    private static final String BRANCH = "branch";
    private static final String UNRESOLVED = "unresolved";

    private final EffectLog log;
    private final Lifecycle lifecycle;
    private final TasksLeft left;
    private final CallsUnderWay underWay;
    private final Parking parking;
    private final Work work;
    private final Scheduler thread;

    /** An interpreter of forks of one run, whose branches take turns on a thread. */
    ForkInterpreter(
            EffectLog log,
            Lifecycle lifecycle,
            TasksLeft left,
            CallsUnderWay underWay,
            Parking parking,
            Work work,
            Scheduler thread) {
        this.log = log;
        this.lifecycle = lifecycle;
        this.left = left;
        this.underWay = underWay;
        this.parking = parking;
        this.work = work;
        this.thread = thread;
    }

    /** Runs the branches of a fork with the interpreter of their tasks. */
    Mono<Step> run(TaskInterpreter tasks, Task.Fork task, Frame frame, State state) {
        List<Task> branches = task.branches();
        return run(new Fork(
                task.base(),
                branches.size(),
                branches.size(),
                task.compete(),
                frame,
                state,
                index -> tasks.task(branches.get(index), frame.at(frame.at().branch(index)), state)));
    }

    /** Runs branches, each of which begins with the state of the fork; their outputs are an array, unless they compete. */
    Mono<Step> run(Fork fork) {
        return log.find(fork.at().decision(), fork.base())
                .map(entry -> fork.end(entry.payload().path(BRANCH).asInt()).flatMap(end -> decided(fork, end, entry)))
                .orElseGet(() -> all(fork));
    }

    /**
     * A branch that decides is heard of when all have begun and none computes: after a crash, those that were cancelled may have been
     * further, and what is not known of their calls must not depend on the order in which they are declared, or on how long they
     * take to come there again.
     */
    private Mono<Step> all(Fork fork) {
        AtomicInteger begun = new AtomicInteger(fork.atOnce());
        return Mono.using(
                () -> parking.fork(fork.atOnce()),
                branches -> Flux.range(0, fork.count())
                        .flatMap(
                                index -> fork.end(index)
                                        .publishOn(thread)
                                        .flatMap(end -> heard(fork, end))
                                        .doOnNext(end -> ended(fork, end, begun, branches)),
                                fork.atOnce())
                        .takeUntil(fork::decides)
                        .collectList()
                        .flatMap(ends -> settle(fork, ends)),
                Parking.Fork::close);
    }

    private Mono<End> heard(Fork fork, End end) {
        return fork.decides(end) ? work.settled().thenReturn(end) : Mono.just(end);
    }

    /** Another one begins in its place, if there is one. */
    private static void ended(Fork fork, End end, AtomicInteger begun, Parking.Fork branches) {
        if (!fork.decides(end) && begun.getAndIncrement() >= fork.count()) {
            branches.ended();
        }
    }

    private Mono<Step> settle(Fork fork, List<End> ends) {
        Unresolved unresolved = unresolved(fork, ends);
        End last = ends.getLast();
        if (fork.decides(last)) {
            ObjectNode decision = Json.object().put(BRANCH, last.index());
            decision.set(UNRESOLVED, unresolved.inside(fork.at()).toJson());
            return decide(fork, decision).flatMap(entry -> decided(fork, last, entry));
        }
        List<End> inOrder =
                ends.stream().sorted(Comparator.comparingInt(End::index)).toList();
        if (fork.compete()) {
            return inOrder.getFirst().outcome(inOrder.getFirst().state().unresolved(unresolved));
        }
        List<Step> steps =
                inOrder.stream().map(end -> Objects.requireNonNull(end.step())).toList();
        return Mono.just(Join.of(fork.state(), steps, unresolved));
    }

    /** The other branches are cancelled when whoever heard of the one that decides has returned: not before the next turn. */
    private Mono<Entry> decide(Fork fork, ObjectNode decision) {
        return Mono.defer(() -> {
                    List<String> others = left.take(fork.at());
                    if (log.takes(JournalFormat.STREAMS)) {
                        LeftTasks.put(others, decision);
                    }
                    return log.append(EntryKind.DECIDED, fork.at().decision(), fork.base(), decision);
                })
                .subscribeOn(thread)
                .doOnNext(lifecycle::decided);
    }

    private static Mono<Step> decided(Fork fork, End end, Entry entry) {
        Unresolved inside = Unresolved.fromJson(entry.payload().path(UNRESOLVED));
        Unresolved unresolved = fork.state().unresolved().outside(fork.at()).and(inside);
        return end.outcome(end.state().passed(entry.at()).unresolved(unresolved));
    }

    /** Of each branch its own; of one that was cancelled what is known of its calls. */
    private Unresolved unresolved(Fork fork, List<End> ends) {
        Unresolved unresolved = fork.state().unresolved().and(underWay.within(fork.at()));
        for (End end : ends) {
            Position branch = fork.at().branch(end.index());
            unresolved = unresolved.outside(branch).and(end.state().unresolved().inside(branch));
        }
        return unresolved;
    }

    /**
     * Branches that a run has come to.
     *
     * @param count  how many there are, at least one
     * @param atOnce how many of them run at a time, no more than there are; the others follow in order
     * @param branch runs one of them, at its own place
     */
    record Fork(
            TaskBase base,
            int count,
            int atOnce,
            boolean compete,
            Frame frame,
            State state,
            IntFunction<Mono<Step>> branch) {

        Position at() {
            return frame.at();
        }

        private Mono<End> end(int index) {
            return branch.apply(index)
                    .map(step -> new End(index, step, null, step.state()))
                    .onErrorResume(
                            TaskFault.class, fault -> Mono.just(new End(index, null, fault, context(fault.state()))));
        }

        /** A fault leaves the context as it was: what branches export counts when they come together. */
        private State context(State faulted) {
            return faulted.withContext(state.context());
        }

        /** Whether nothing that the other branches do matters any more. One that competes has lost when it faults. */
        private boolean decides(End end) {
            return compete == (end.fault() == null);
        }
    }

    /** How a branch ended, well or with a fault, and what there is to go on with. */
    private record End(
            int index, @Nullable Step step, @Nullable TaskFault fault, State state) {

        Mono<Step> outcome(State after) {
            return fault != null
                    ? Mono.error(fault.with(after))
                    : Mono.justOrEmpty(step).map(ended -> new Step(after, ended.then(), ended.seq()));
        }
    }
}
