package dev.sluice.executor.engine;

import dev.sluice.executor.definition.EventLoop;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.expression.Arguments;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code foreach}: what is done with an event or a message that was consumed (DSL reference, "Subscription Iterator"). */
final class IteratorInterpreter {

    private final Evaluations evaluations;
    private final Checkpoints checkpoints;

    IteratorInterpreter(Evaluations evaluations, Checkpoints checkpoints) {
        this.evaluations = evaluations;
        this.checkpoints = checkpoints;
    }

    /**
     * Runs the tasks for one; the step's data are what goes into the output, and its context is what the item exports.
     *
     * @param frame where its tasks are
     * @param index how many are in the output so far
     * @param start whose data are the item
     */
    Mono<Step> run(TaskInterpreter tasks, TaskBase base, EventLoop foreach, Frame frame, int index, State start) {
        Arguments scope = frame.scope()
                .with(foreach.item(), start.data())
                .with(foreach.at(), JsonNodeFactory.instance.numberNode(index))
                .with("context", start.context());
        return checkpoints
                .restore(base, frame.at())
                .map(Mono::just)
                .orElseGet(() -> tasks.sequence(foreach.tasks(), frame.in(scope), start)
                        .flatMap(step -> checkpoints.note(base, frame.at(), start, step)))
                .flatMap(step -> evaluations.of(() -> finish(foreach, scope, step)));
    }

    private static Step finish(EventLoop foreach, Arguments scope, Step step) {
        State state = step.state();
        Arguments seen = scope.with("context", state.context());
        JsonNode output = foreach.output().out(state.data(), seen);
        JsonNode context = foreach.export().exported(output, state.context(), seen);
        FlowDirective then = step.then() instanceof FlowDirective.End ? FlowDirective.END : FlowDirective.CONTINUE;
        return new Step(state.withData(output).withContext(context), then);
    }
}
