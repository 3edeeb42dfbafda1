package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Elements;
import dev.sluice.executor.expression.Expression;
import dev.sluice.shared.json.Json;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code for}: each iteration is fed with the former's output; the last one's is the task's. */
final class ForInterpreter {

    /** All of their outputs are held. */
    private static final int MOST_TOGETHER = 10_000;

    private final ForkInterpreter forks;
    private final TaskInterpreter tasks;
    private final Evaluations evaluations;
    private final Checkpoints checkpoints;
    private final Loop turns;

    ForInterpreter(
            TaskInterpreter tasks,
            Evaluations evaluations,
            Checkpoints checkpoints,
            ForkInterpreter forks,
            Loop turns) {
        this.tasks = tasks;
        this.forks = forks;
        this.evaluations = evaluations;
        this.checkpoints = checkpoints;
        this.turns = turns;
    }

    Mono<Step> run(Task.For loop, Frame frame, State state) {
        return evaluations
                .of(() -> loop.in().elements(state.data(), frame.scope()))
                .flatMap(items -> run(loop, items, frame, state));
    }

    private Mono<Step> run(Task.For loop, Elements items, Frame frame, State state) {
        if (loop.concurrency() > 1) {
            return together(loop, items, frame, state);
        }
        Turn first = checkpoints
                .reached(loop.base(), frame.at())
                .map(reached -> new Turn(
                        reached.index() + 1,
                        reached.step(),
                        reached.step().state().effects()))
                .orElseGet(() -> new Turn(0, new Step(state, FlowDirective.CONTINUE), state.effects()));
        return turns.until(turn -> turn.ended(items.size()), first, turn -> iterate(loop, items, frame, turn))
                .map(Turn::step);
    }

    /** Iterations at the same time are branches: each begins with the loop's input, and gives an element of its output. */
    private Mono<Step> together(Task.For loop, Elements items, Frame frame, State state) {
        int count = items.size();
        if (count == 0) {
            return Mono.just(new Step(state.withData(Json.array()), FlowDirective.CONTINUE));
        }
        if (count > MOST_TOGETHER) {
            String detail = "A 'for' with concurrency takes " + MOST_TOGETHER + " items at most, not " + count + ".";
            return Mono.error(new TaskFault(ErrorType.VALIDATION.at(loop.base().reference(), detail), state));
        }
        return forks.run(new ForkInterpreter.Fork(
                loop.base(),
                count,
                Math.min(count, loop.concurrency()),
                false,
                frame,
                state,
                index -> iteration(loop, items.get(index), index, frame, state)));
    }

    private Mono<Step> iteration(Task.For loop, JsonNode item, int index, Frame frame, State state) {
        Position at = frame.at().branch(index);
        Arguments scope = frame.scope()
                .with(loop.each(), item)
                .with(loop.at(), JsonNodeFactory.instance.numberNode(index))
                .with("context", state.context());
        return checkpoints
                .restore(loop.base(), at)
                .map(Mono::just)
                .orElseGet(() -> tasks.sequence(loop.tasks(), frame.in(scope).at(at), state)
                        .flatMap(step -> checkpoints.note(loop.base(), at, state, step)));
    }

    private Mono<Turn> iterate(Task.For loop, Elements items, Frame frame, Turn turn) {
        State state = turn.step().state();
        Arguments scope = frame.scope()
                .with(loop.each(), items.get(turn.index()))
                .with(loop.at(), JsonNodeFactory.instance.numberNode(turn.index()))
                .with("context", state.context());
        Position at = frame.at().iteration(turn.index());
        Mono<Turn> next =
                Mono.defer(() -> tasks.sequence(loop.tasks(), frame.in(scope).at(at), state)
                        .flatMap(step -> note(loop, at, turn, step)));
        Expression condition = loop.condition();
        return condition == null
                ? next
                : evaluations
                        .of(() -> condition.test(state.data(), scope))
                        .flatMap(holds -> holds ? next : Mono.just(turn.stop()));
    }

    private Mono<Turn> note(Task.For loop, Position at, Turn turn, Step step) {
        if (!Checkpoints.due(step.state().effects() - turn.noted())) {
            return Mono.just(new Turn(turn.index() + 1, step, turn.noted()));
        }
        return checkpoints
                .noteIteration(loop.base(), at, step)
                .map(noted -> new Turn(turn.index() + 1, noted, noted.state().effects()));
    }

    /**
     * A loop between two iterations.
     *
     * @param index next iteration, negative when a condition ended the loop
     * @param noted effects of the branch when the loop last noted an iteration
     */
    private record Turn(int index, Step step, int noted) {

        boolean ended(int size) {
            return index < 0 || index >= size || step.then() instanceof FlowDirective.End;
        }

        Turn stop() {
            return new Turn(-1, step, noted);
        }
    }
}
