package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Extension;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.expression.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tasks before and after another (DSL reference, "Extension"). In them {@code $task} is the task that they extend. What they
 * give is dropped, so that one that logs changes nothing; what they export stays; {@code exit} before the task puts what
 * was given so far in the place of its output, {@code end} ends the workflow.
 */
final class ExtensionInterpreter {

    private final TaskInterpreter tasks;
    private final Evaluations evaluations;

    ExtensionInterpreter(TaskInterpreter tasks, Evaluations evaluations) {
        this.tasks = tasks;
        this.evaluations = evaluations;
    }

    /**
     * Runs a task and what extends it.
     *
     * @param seen what the task's expressions see before it has its input
     * @param task runs it, unless an extension exits
     */
    Mono<Step> around(TaskBase base, Frame frame, Arguments seen, State state, Function<State, Mono<Step>> task) {
        Frame extending = frame.in(seen).extending();
        return applying(base, seen, state)
                .flatMap(extensions -> before(base, extensions, extending, state)
                        .flatMap(prior -> prior.instead() == null
                                ? task.apply(prior.state()).flatMap(step -> after(extensions, extending, step))
                                : Mono.just(prior.instead())));
    }

    /** Which extensions apply; the others are in their places as none. */
    private Mono<List<Applying>> applying(TaskBase base, Arguments seen, State state) {
        return evaluations.of(() -> {
            List<Applying> applying = new ArrayList<>();
            for (int i = 0; i < base.extensions().size(); i++) {
                Extension extension = base.extensions().get(i);
                if (extension.when() == null || extension.when().test(state.data(), seen)) {
                    applying.add(new Applying(i, extension));
                }
            }
            return applying;
        });
    }

    private record Applying(int index, Extension extension) {}

    private Mono<Prior> before(TaskBase base, List<Applying> extensions, Frame frame, State state) {
        Mono<Prior> prior = Mono.just(new Prior(state, null));
        for (Applying applying : extensions) {
            TaskList list = applying.extension().before();
            if (list != null) {
                Position at = frame.at().before(applying.index());
                prior = prior.flatMap(reached -> reached.instead() != null
                        ? Mono.just(reached)
                        : tasks.list(list, frame.at(at), reached.state())
                                .map(step -> prior(base, reached.state(), step)));
            }
        }
        return prior;
    }

    /**
     * What has come before the task.
     *
     * @param instead what is in the task's place, absent while it is to be run
     */
    private record Prior(State state, @Nullable Step instead) {}

    private static Prior prior(TaskBase base, State before, Step step) {
        return switch (step.then()) {
            case FlowDirective.End end -> new Prior(step.state(), step);
            case FlowDirective.Exit exit -> new Prior(step.state(), new Step(step.state(), base.then()));
            default -> new Prior(step.state().withData(before.data()), null);
        };
    }

    private Mono<Step> after(List<Applying> extensions, Frame frame, Step step) {
        Mono<Step> last = Mono.just(step);
        for (Applying applying : extensions) {
            TaskList list = applying.extension().after();
            if (list != null) {
                Position at = frame.at().after(applying.index());
                last = last.flatMap(reached -> tasks.list(list, frame.at(at), reached.state())
                        .map(done -> done.then() instanceof FlowDirective.End
                                ? new Step(done.state().withData(reached.state().data()), FlowDirective.END)
                                : new Step(
                                        done.state().withData(reached.state().data()), reached.then(), reached.seq())));
            }
        }
        return last;
    }
}
