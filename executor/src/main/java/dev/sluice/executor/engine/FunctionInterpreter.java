package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.expression.Template;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * {@code call} of a function of the document: its task, as the only one of a list below the call. Functions may call
 * one another, and themselves.
 */
final class FunctionInterpreter {

    /** Of tasks in tasks, as each takes of the stack: a document by itself has no more than half as many. */
    private static final int MOST_LEVELS = 120;

    private final TaskInterpreter tasks;
    private final Evaluations evaluations;
    private final Map<String, Task> functions;

    FunctionInterpreter(TaskInterpreter tasks, Evaluations evaluations, Map<String, Task> functions) {
        this.tasks = tasks;
        this.evaluations = evaluations;
        this.functions = functions;
    }

    /** Runs the function; the step says where its task leads. */
    Mono<Step> run(Task.CallFunction call, Frame frame, State state) {
        if (frame.level() > MOST_LEVELS) {
            String detail = "Functions call one another more than " + MOST_LEVELS + " tasks deep.";
            return Mono.error(new TaskFault(ErrorType.RUNTIME.at(call.base().reference(), detail), state));
        }
        Task function = Objects.requireNonNull(functions.get(call.function()), call.function());
        Frame inner = frame.at(frame.at().task(0, 0));
        Template given = call.input();
        return given == null
                ? tasks.task(function, inner, state)
                : evaluations
                        .of(() -> given.evaluate(state.data(), frame.scope()))
                        .flatMap(input -> tasks.task(function, inner, state.withData(input)));
    }
}
