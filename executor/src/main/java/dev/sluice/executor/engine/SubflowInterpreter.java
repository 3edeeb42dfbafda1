package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.id.Ids;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * {@code run: workflow}: a run of its own, whose id follows from where it was started, so that no repetition starts
 * another. One that is awaited may leave its parent out of memory, and its end is what the task's entry says.
 */
final class SubflowInterpreter {

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final World world;
    private final Parking parking;
    private final Clock clock;
    private final int maxDepth;

    SubflowInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            World world,
            Parking parking,
            EngineSettings settings) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.world = world;
        this.parking = parking;
        this.clock = settings.clock();
        this.maxDepth = settings.maxDepth();
    }

    /** Starts the run and, unless the task says otherwise, waits for its end. */
    Mono<Step> run(Task.RunWorkflow task, Frame frame, State state) {
        return log.find(frame.at(), task.base())
                .map(Mono::just)
                .orElseGet(() -> log.beginLong(() -> outcome(task, frame, state))
                        .flatMap(outcome -> log.append(outcome, frame.at(), task.base())))
                .map(entry -> step(entry, task.base(), state));
    }

    private Mono<Outcome> outcome(Task.RunWorkflow task, Frame frame, State state) {
        if (facts.depth() >= maxDepth) {
            return Mono.just(Outcome.failed(Depth.exceeded(task.base(), maxDepth)));
        }
        return evaluations
                .of(() -> log.scrubber().scrub(task.input().evaluate(state.data(), frame.scope())))
                .flatMap(input -> outcome(task, input, frame, state));
    }

    private Mono<Outcome> outcome(Task.RunWorkflow task, JsonNode input, Frame frame, State state) {
        return start(
                        new Children.Child(id(frame.at(), state, 0), task.workflow(), input, task.await()),
                        task,
                        frame,
                        state)
                .flatMap(ended -> ended.cancelled() && log.reopenings() > 0
                        ? start(
                                new Children.Child(
                                        id(frame.at(), state, log.reopenings()), task.workflow(), input, task.await()),
                                task,
                                frame,
                                state)
                        : Mono.just(ended))
                .map(Ended::outcome);
    }

    private Mono<Ended> start(Children.Child child, Task.RunWorkflow task, Frame frame, State state) {
        return world.children().start(child).publishOn(log.scheduler()).flatMap(there -> {
            if (!there) {
                return Mono.just(new Ended(Outcome.failed(unknown(task)), false));
            }
            return task.await()
                    ? await(child.id(), task, frame.deadline())
                    : Mono.just(new Ended(Outcome.completed(state.data()), false));
        });
    }

    /**
     * How a run that was started ended.
     *
     * @param cancelled as one is whose parent ended before it: a parent that goes on after its end starts another
     */
    private record Ended(Outcome outcome, boolean cancelled) {}

    /** Looks, and waits to be told that there is something to see. */
    private Mono<Ended> await(UUID child, Task.RunWorkflow task, @Nullable Deadline deadline) {
        return Mono.defer(() -> {
                    long seen = world.bell().rung();
                    return world.children()
                            .end(child)
                            .map(end -> ended(end, child, task))
                            .publishOn(log.scheduler())
                            .switchIfEmpty(Mono.defer(() -> rest(seen, deadline)));
                })
                .repeat()
                .next();
    }

    private Mono<Ended> rest(long seen, @Nullable Deadline deadline) {
        if (deadline != null && !clock.instant().isBefore(deadline.due())) {
            return Mono.just(new Ended(Outcome.expired(deadline), false));
        }
        return parking.until(
                        deadline == null ? null : deadline.due(), world.bell().after(seen))
                .then(Mono.empty());
    }

    private static Ended ended(Children.End end, UUID child, Task.RunWorkflow task) {
        if (end.output() != null) {
            return new Ended(Outcome.completed(task.output().of(end.output())), false);
        }
        TaskBase base = task.base();
        if (end.error() == null) {
            String detail = "The run " + child + " of the other workflow was cancelled.";
            return new Ended(Outcome.failed(ErrorType.RUNTIME.at(base.reference(), detail)), true);
        }
        DslError error = DslError.fromJson(end.error());
        return new Ended(
                Outcome.failed(
                        new DslError(error.type(), error.status(), base.reference(), error.title(), error.detail())),
                false);
    }

    private static DslError unknown(Task.RunWorkflow task) {
        String detail = "There is no workflow " + task.workflow().path() + " in version "
                + task.workflow().version() + ".";
        return ErrorType.CONFIGURATION.at(task.base().reference(), detail);
    }

    /** Of a task that is retried after its run ended another one, as the key of a call is another. */
    private UUID id(Position at, State state, int reopenings) {
        String path = log.key(at, Unresolved.NONE).path();
        return Ids.derived(
                state.clock(),
                facts.id().toString(),
                Integer.toString(facts.generation()),
                reopenings == 0 ? path : path + "@" + reopenings);
    }

    private Step step(Entry entry, TaskBase base, State state) {
        State after = state.passed(entry.at());
        if (entry.kind() == EntryKind.COMPLETED) {
            return new Step(after.withData(entry.payload()), base.then(), entry.seq());
        }
        throw Outcome.fault(entry, after);
    }
}
