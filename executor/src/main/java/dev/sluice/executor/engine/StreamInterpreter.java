package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.LeftTasks;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code call: stream}: elements of a response, each of which tasks are done with. It is read at the pace of the tasks, so that
 * memory does not grow with its length. Checkpoints say how far it is done; after a crash the response is asked for again
 * and read on from there, so it should be the same then. How it ended is journaled before anything uses it: an end that
 * is well as a checkpoint, any other as an entry.
 */
final class StreamInterpreter {

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final Streamer streamer;
    private final Checkpoints checkpoints;
    private final TasksLeft left;
    private final CallsUnderWay underWay;
    private final Parking parking;
    private final Work work;
    private final Loop loop;
    private final BooleanSupplier owner;
    private final EngineSettings settings;

    StreamInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            Streamer streamer,
            Checkpoints checkpoints,
            TasksLeft left,
            CallsUnderWay underWay,
            Parking parking,
            Work work,
            Loop loop,
            BooleanSupplier owner,
            EngineSettings settings) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.streamer = streamer;
        this.checkpoints = checkpoints;
        this.left = left;
        this.underWay = underWay;
        this.parking = parking;
        this.work = work;
        this.loop = loop;
        this.owner = owner;
        this.settings = settings;
    }

    /** Reads to the end, from where it was done before. */
    Mono<Step> run(TaskInterpreter tasks, Task.ReadStream task, Frame frame, State state) {
        Progress before = checkpoints
                .reached(task.base(), frame.at())
                .map(reached -> Progress.of(reached.step().state()))
                .orElseGet(() -> Progress.start(task, state));
        Optional<Entry> failed = log.find(frame.at().decision(), task.base());
        if (failed.isPresent()) {
            return Mono.error(Outcome.fault(
                    failed.get(), before.state().passed(failed.get().at())));
        }
        return log.beginLong(() -> streamer.prepare(task.source(), invocation(task, frame, state)))
                .onErrorResume(CallFailure.class, failure -> Mono.just(from -> Flux.error(failure)))
                .flatMap(source -> Mono.using(
                        () -> reading(tasks, task, frame, before, source),
                        reading -> read(task, frame, reading),
                        Reading::close));
    }

    private Mono<Step> read(Task.ReadStream task, Frame frame, Reading reading) {
        return reading.run()
                .map(end -> step(task, end))
                .onErrorResume(
                        TaskFault.class, fault -> failed(task, frame, Outcome.of(fault), reading.at(fault.state())))
                .onErrorResume(
                        CallFailure.class,
                        failure -> failed(task, frame, Outcome.failed(failure.error()), reading.now()))
                .onErrorResume(
                        Expired.class,
                        expired -> failed(task, frame, Outcome.expired(expired.deadline()), reading.now()));
    }

    private static Step step(Task.ReadStream task, Reading.End end) {
        State after = end.progress().state().withData(end.progress().output(task.collect()));
        return new Step(after, end.last() ? FlowDirective.END : task.base().then());
    }

    /** The others are cancelled, and which came first is chance: so it is an entry, with what was done by then before it. */
    private Mono<Step> failed(Task.ReadStream task, Frame frame, Outcome outcome, Progress done) {
        return checkpoints
                .noteIteration(task.base(), frame.at().iteration(done.done()), done.step())
                .then(Mono.defer(() -> {
                    LeftTasks.put(left.take(frame.at()), (ObjectNode) outcome.payload());
                    return log.append(outcome, frame.at().decision(), task.base());
                }))
                .flatMap(entry -> Mono.error(Outcome.fault(entry, done.state().passed(entry.at()))));
    }

    private Reading reading(
            TaskInterpreter tasks, Task.ReadStream task, Frame frame, Progress before, Streamer.Source source) {
        return new Reading(
                tasks, task, frame, before, source, log, checkpoints, underWay, parking, work, loop, settings.clock());
    }

    private Invocation invocation(Task.ReadStream task, Frame frame, State state) {
        return new Invocation(
                facts.organization(),
                state.data(),
                frame.scope(),
                evaluations,
                task.base().reference(),
                settings.keys().of(facts, log.key(frame.at().decision(), state.unresolved())),
                facts.traceparent(),
                settings.callTimeout(),
                owner);
    }
}
