package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Consumption;
import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.definition.EventLoop;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * {@code listen}: which events a run consumes, and in which order, are entries. A run that only listens leaves memory; its
 * subscription is rows that an event finds, and brings it back.
 */
final class ListenInterpreter {

    /** All that is consumed is in the output. */
    private static final int MOST_EVENTS = 10_000;

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final World world;
    private final Parking parking;
    private final IteratorInterpreter iterator;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final Loop loop;
    /** Consumed since this node has the run: two branches that hear the same event do not both consume it. */
    private final Set<UUID> taken = ConcurrentHashMap.newKeySet();

    ListenInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            World world,
            Parking parking,
            IteratorInterpreter iterator,
            Lifecycle lifecycle,
            Clock clock,
            Loop loop) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.world = world;
        this.parking = parking;
        this.iterator = iterator;
        this.lifecycle = lifecycle;
        this.clock = clock;
        this.loop = loop;
    }

    /** Consumes events until there are enough; those of a {@code foreach} one after the other. */
    Mono<Step> run(TaskInterpreter tasks, Task.Listen task, Frame frame, State state) {
        return evaluations
                .of(() -> subscription(task, frame, state))
                .flatMap(subscription -> run(new Listening(tasks, task, frame, subscription), state));
    }

    private Mono<Step> run(Listening listening, State state) {
        Heard nothing = Heard.nothing(state, listening.expected());
        return loop.until(Turn::last, new Turn(nothing, false), turn -> next(listening, turn))
                .map(turn -> ended(listening, turn.heard()));
    }

    private Step ended(Listening listening, Heard heard) {
        Task.Listen task = listening.task();
        State state = heard.state().withData(heard.output());
        lifecycle.correlated(listening.frame().at().path(), state.clock(), heard.keys(), heard.seq());
        FlowDirective then = heard.then() instanceof FlowDirective.End
                ? FlowDirective.END
                : task.base().then();
        return new Step(state, then, heard.seq());
    }

    private Mono<Turn> next(Listening listening, Turn turn) {
        Heard heard = turn.heard();
        Position at = listening.event(heard.count());
        Optional<Entry> known = log.find(at, listening.task().base());
        if (known.isPresent()) {
            return consumed(listening, turn, known.get());
        }
        Optional<Entry> expired =
                log.find(listening.frame().at().expiry(), listening.task().base());
        if (expired.isPresent()) {
            return expired(listening, heard, expired.get());
        }
        if (heard.count() >= MOST_EVENTS) {
            return Mono.error(new TaskFault(tooManyEvents(listening.task()), heard.state()));
        }
        return log.begin(() -> turn.open() ? Mono.<Void>empty() : open(listening, heard.state()))
                .then(Mono.defer(() -> log.begin(() -> hear(listening, turn))));
    }

    private Mono<Void> open(Listening listening, State state) {
        Position at = listening.frame().at().listening();
        Optional<Entry> before = log.find(at, listening.task().base());
        return world.subscriptions()
                .open(listening.subscription(), before.isPresent())
                .publishOn(log.scheduler())
                .filter(open -> open)
                .switchIfEmpty(Mono.error(() -> new TaskFault(tooManyFilters(listening.task()), state)))
                .flatMap(open ->
                        log.once(EntryKind.LISTENING, at, listening.task().base(), Mono.fromSupplier(Json::object)))
                .doOnNext(entry -> lifecycle.waiting(entry))
                .then();
    }

    /** Consumes the first event that is taken; waits for one when there is none. */
    private Mono<Turn> hear(Listening listening, Turn turn) {
        long seen = world.bell().rung();
        Mono<List<HeardEvent>> events = turn.heard().ahead().isEmpty()
                ? world.subscriptions().heard(listening.subscription().id()).publishOn(log.scheduler())
                : Mono.just(turn.heard().ahead());
        return events.flatMap(ahead -> ahead.isEmpty()
                ? rest(listening, turn, seen)
                : choose(listening, new Turn(turn.heard().ahead(ahead), true), 0));
    }

    private Mono<Turn> choose(Listening listening, Turn turn, int from) {
        return evaluations
                .of(() -> first(listening, turn.heard(), from))
                .flatMap(found -> take(listening, turn, found));
    }

    /** Consumes what was found, unless another branch has in the meantime: then the next is looked for. */
    private Mono<Turn> take(Listening listening, Turn turn, Found found) {
        Hearing hearing = found.hearing();
        if (hearing != null && !taken.add(hearing.event())) {
            return choose(listening, turn, found.index() + 1);
        }
        List<UUID> before = turn.heard().ahead().stream()
                .limit(found.index())
                .map(HeardEvent::id)
                .toList();
        return hearing == null
                ? reject(listening, before).thenReturn(new Turn(turn.heard().ahead(List.of()), true))
                : reject(listening, before).then(Mono.defer(() -> consume(listening, turn, hearing)));
    }

    /**
     * The first event that a listen takes.
     *
     * @param index   among those that are ahead; how many those are when it takes none
     * @param hearing what consuming it is
     */
    private record Found(int index, @Nullable Hearing hearing) {}

    private static Found first(Listening listening, Heard heard, int from) {
        List<HeardEvent> ahead = heard.ahead();
        for (int index = from; index < ahead.size(); index++) {
            Optional<Hearing> hearing = heard.take(listening.task(), listening.subscription(), ahead.get(index));
            if (hearing.isPresent()) {
                return new Found(index, conclude(listening, heard, hearing.get()));
            }
        }
        return new Found(ahead.size(), null);
    }

    private Mono<Void> reject(Listening listening, List<UUID> events) {
        return events.isEmpty()
                ? Mono.empty()
                : world.subscriptions()
                        .reject(listening.subscription().id(), events)
                        .publishOn(log.scheduler());
    }

    /** Whether a condition ends it with this event, as far as that is known before the event's tasks are done. */
    private static Hearing conclude(Listening listening, Heard heard, Hearing found) {
        if (listening.task().foreach() != null || Heard.ends(listening.task().to(), found.position())) {
            return found;
        }
        boolean last = found.last() || listening.holds(heard.with(found.value(), heard.state()));
        return last ? found.last(heard.keys()) : found;
    }

    private Mono<Turn> consume(Listening listening, Turn turn, Hearing hearing) {
        Position at = listening.event(turn.heard().count());
        return log.append(EntryKind.HEARD, at, listening.task().base(), hearing.payload())
                .flatMap(entry -> consumed(listening, turn, entry));
    }

    private Mono<Turn> consumed(Listening listening, Turn turn, Entry entry) {
        Hearing hearing = Hearing.of(entry.payload());
        Consumption to = listening.task().to();
        State after = turn.heard().state().passed(entry.at());
        Heard heard = turn.heard().consumed(hearing, to, after, entry.seq());
        if (Heard.ends(to, hearing.position())) {
            return Mono.just(new Turn(heard, turn.open()));
        }
        EventLoop foreach = listening.task().foreach();
        Mono<Heard> done = foreach == null
                ? Mono.just(heard.with(hearing.value(), after))
                : process(listening, foreach, heard, hearing.value());
        return done.flatMap(then -> judge(listening, new Turn(then, turn.open()), hearing));
    }

    private Mono<Turn> judge(Listening listening, Turn turn, Hearing hearing) {
        return evaluations
                .of(() -> turn.heard().enough() || listening.holds(turn.heard()))
                .flatMap(enough -> enough ? close(listening, turn, hearing) : Mono.just(turn));
    }

    private Mono<Turn> close(Listening listening, Turn turn, Hearing hearing) {
        Turn last = new Turn(turn.heard().end(), turn.open());
        return hearing.last()
                ? Mono.just(last)
                : world.subscriptions()
                        .close(listening.subscription().id())
                        .publishOn(log.scheduler())
                        .thenReturn(last);
    }

    private Mono<Heard> process(Listening listening, EventLoop foreach, Heard heard, JsonNode value) {
        Position at = listening.event(heard.count() - 1).processing();
        return iterator.run(
                        listening.tasks(),
                        listening.task().base(),
                        foreach,
                        listening.frame().at(at),
                        heard.output().size(),
                        heard.state().withData(value))
                .map(step -> {
                    Heard with = heard.with(step.state().data(), step.state());
                    return step.then() instanceof FlowDirective.End ? with.end(FlowDirective.END) : with;
                });
    }

    /** Waits for the bell, or the end of the time there is. */
    private Mono<Turn> rest(Listening listening, Turn turn, long seen) {
        Deadline deadline = listening.frame().deadline();
        if (deadline != null && !clock.instant().isBefore(deadline.due())) {
            return expire(listening, turn.heard(), deadline);
        }
        return parking.until(
                        deadline == null ? null : deadline.due(), world.bell().after(seen))
                .thenReturn(new Turn(turn.heard(), true));
    }

    private Mono<Turn> expire(Listening listening, Heard heard, Deadline deadline) {
        Position at = listening.frame().at().expiry();
        return log.append(Outcome.expired(deadline), at, listening.task().base())
                .flatMap(entry -> expired(listening, heard, entry));
    }

    /** Closes what may still be open, also when a crash came between the entry and this. */
    private Mono<Turn> expired(Listening listening, Heard heard, Entry entry) {
        return world.subscriptions()
                .close(listening.subscription().id())
                .publishOn(log.scheduler())
                .then(Mono.error(Outcome.fault(entry, heard.state())));
    }

    private Subscription subscription(Task.Listen task, Frame frame, State state) {
        UUID id = Ids.derived(
                facts.startedAt(),
                facts.id().toString(),
                Integer.toString(facts.generation()),
                frame.at().path());
        List<Subscription.Interest> interests = new ArrayList<>();
        for (EventFilter filter : task.to().filters()) {
            List<JsonNode> expected = filter.correlations().stream()
                    .map(Correlation::expect)
                    .flatMap(expect -> Optional.ofNullable(expect).stream())
                    .map(expect -> log.scrubber().scrub(expect.evaluate(state.data(), frame.scope())))
                    .toList();
            interests.add(new Subscription.Interest(interests.size(), filter, expected));
        }
        return new Subscription(id, task.base().reference(), interests);
    }

    private static DslError tooManyEvents(Task.Listen task) {
        String detail = "This listen has consumed " + MOST_EVENTS
                + " events, the most that one output may hold: end it with 'until' and listen again.";
        return ErrorType.RUNTIME.at(task.base().reference(), detail);
    }

    private static DslError tooManyFilters(Task.Listen task) {
        String detail = "The workflows of this organization listen with more different filters than one event can be"
                + " compared with: give what differs between runs as a correlation with 'expect'.";
        return ErrorType.RUNTIME.at(task.base().reference(), detail);
    }

    /**
     * A listen between two events.
     *
     * @param open whether this interpreter has opened the subscription
     */
    private record Turn(Heard heard, boolean open) {

        boolean last() {
            return heard.enough();
        }
    }

    /** One listen that a run has come to. */
    private record Listening(TaskInterpreter tasks, Task.Listen task, Frame frame, Subscription subscription) {

        Position event(int number) {
            return frame.at().event(number);
        }

        /** What the correlations say they expect, by their names. */
        Map<String, JsonNode> expected() {
            Map<String, JsonNode> expected = new HashMap<>();
            for (Subscription.Interest interest : subscription.interests()) {
                int next = 0;
                for (Correlation correlation : interest.filter().correlations()) {
                    if (correlation.expect() != null) {
                        expected.put(correlation.name(), interest.expected().get(next++));
                    }
                }
            }
            return Map.copyOf(expected);
        }

        /** Whether the condition of {@code until} holds of what was consumed. */
        boolean holds(Heard heard) {
            return task.to() instanceof Consumption.Any any
                    && any.condition() != null
                    && any.condition()
                            .test(
                                    heard.output(),
                                    frame.scope().with("context", heard.state().context()));
        }
    }
}
