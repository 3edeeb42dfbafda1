package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one evaluation has beside its frames: the meter, the values it was given, and the call that waits to be made. On one thread. */
final class Evaluation {

    private final Budget budget;
    private final Function<String, @Nullable JsonNode> givens;
    private long labels;
    private @Nullable Routine routine;
    private @Nullable Frame frame;
    private @Nullable JsonNode input;

    Evaluation(Budget budget, Function<String, @Nullable JsonNode> givens) {
        this.budget = budget;
        this.givens = givens;
    }

    Budget budget() {
        return budget;
    }

    /** The value that was given by a name, or null where none was. */
    @Nullable
    JsonNode given(String name) {
        return givens.apply(name);
    }

    /** A mark that no other label of this evaluation has. */
    long label() {
        return ++labels;
    }

    /** Leaves a call to whoever called the function that this is the last thing of. */
    void leave(Routine calledRoutine, Frame itsFrame, JsonNode itsInput) {
        this.routine = calledRoutine;
        this.frame = itsFrame;
        this.input = itsInput;
    }

    Routine routine() {
        return Objects.requireNonNull(routine);
    }

    Frame frame() {
        return Objects.requireNonNull(frame);
    }

    JsonNode input() {
        return Objects.requireNonNull(input);
    }
}
