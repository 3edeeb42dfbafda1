package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Catch;
import dev.sluice.executor.definition.DurationValue;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.RetryPolicy;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.expression.Arguments;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code try}: attempts, the delays between them, and the handler of what was caught. */
final class TryInterpreter {

    private final TaskInterpreter tasks;
    private final Evaluations evaluations;
    private final EffectLog log;
    private final WaitInterpreter waits;
    private final CallsUnderWay underWay;
    private final Loop loop;

    TryInterpreter(
            TaskInterpreter tasks,
            Evaluations evaluations,
            EffectLog log,
            WaitInterpreter waits,
            CallsUnderWay underWay,
            Loop loop) {
        this.tasks = tasks;
        this.evaluations = evaluations;
        this.log = log;
        this.waits = waits;
        this.underWay = underWay;
        this.loop = loop;
    }

    Mono<Step> run(Task.Try task, Frame frame, State state) {
        return loop.until(Attempt::ended, new Attempt(0, state, null), attempt -> attempt(task, frame, state, attempt))
                .map(attempt -> settled(frame.at(), Objects.requireNonNull(attempt.result())));
    }

    private Step settled(Position at, Step step) {
        underWay.forget(at);
        State state = step.state();
        return new Step(state.unresolved(state.unresolved().outside(at)), step.then(), step.seq());
    }

    private Mono<Attempt> attempt(Task.Try task, Frame frame, State start, Attempt attempt) {
        Frame inner = frame.at(frame.at().attempt(attempt.number()));
        return limited(task, inner, attempt.state())
                .flatMap(limited -> tasks.sequence(task.tasks(), limited, attempt.state()))
                .map(step -> attempt.done(completed(task, step)))
                .onErrorResume(TaskFault.class, fault -> failed(task, frame, start, attempt, fault));
    }

    private static Step completed(Task.Try task, Step step) {
        return step.then() instanceof FlowDirective.End ? step : TaskInterpreter.step(task.base(), step.state());
    }

    private Mono<Frame> limited(Task.Try task, Frame frame, State state) {
        RetryPolicy retry = task.handler().retry();
        DurationValue duration = retry == null ? null : retry.attemptDuration();
        return duration == null
                ? Mono.just(frame)
                : evaluations
                        .of(() -> duration.resolve(state.data(), frame.scope()))
                        .map(limit -> frame.until(new Deadline(
                                log.since(state.clock()).plus(limit),
                                frame.at().path(),
                                task.base().reference())));
    }

    private Mono<Attempt> failed(Task.Try task, Frame frame, State start, Attempt attempt, TaskFault fault) {
        Catch handler = task.handler();
        Arguments scope =
                frame.scope().with(handler.as(), fault.error().toJson()).with("context", fault.context());
        if (!fault.mayBeCaughtAt(frame.at())) {
            return Mono.error(fault);
        }
        State caught = fault.state().withData(start.data());
        return evaluations
                .of(() -> Catching.decide(handler, fault, attempt.number(), start, caught, scope))
                .flatMap(decision -> switch (decision) {
                    case PASS_ON -> Mono.error(fault);
                    case TRY_AGAIN ->
                        waits.delayRetry(task, attempt.number(), frame.in(scope), caught, fault.error())
                                .map(attempt::again);
                    case HANDLE -> handle(task, frame.in(scope), caught).map(attempt::done);
                });
    }

    private Mono<Step> handle(Task.Try task, Frame frame, State caught) {
        Catch handler = task.handler();
        FlowDirective then = handler.then() == null ? task.base().then() : handler.then();
        if (handler.tasks() == null) {
            return Mono.just(new Step(caught, then));
        }
        return tasks.sequence(handler.tasks(), frame.at(frame.at().handler()), caught)
                .map(step -> step.then() instanceof FlowDirective.End ? step : new Step(step.state(), then));
    }

    /**
     * A try between two attempts.
     *
     * @param number of the next attempt, from 0
     * @param result set when no further attempt follows
     */
    private record Attempt(
            int number, State state, @Nullable Step result) {

        boolean ended() {
            return result != null;
        }

        Attempt done(Step step) {
            return new Attempt(number, state, step);
        }

        Attempt again(State after) {
            return new Attempt(number + 1, after, null);
        }
    }
}
