package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Parser;
import dev.sluice.executor.expression.value.JqException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A compiled jq 1.8 program. It sees its input and the values it is given by name, and nothing else. Immutable and
 * thread-safe; an evaluation is on the thread that asks for it, and takes what its budget has and no more.
 */
public final class Program {

    /** The name of the value that {@code now} gives: seconds since 1970. */
    public static final String CLOCK = "__now";

    private final Node root;
    private final int slots;
    private final String source;

    Program(Node root, int slots, String source) {
        this.root = root;
        this.slots = slots;
        this.source = source;
    }

    /**
     * Compiles a program.
     *
     * @param givens the names that will have a value, without {@code $}
     * @throws CompileException with all problems that were found
     */
    public static Program compile(String source, Set<String> givens) {
        return new Compiler(source, givens).compile(Parser.parse(source));
    }

    /** The text it was compiled from. */
    public String source() {
        return source;
    }

    /**
     * The first output, or null where there is none; what would come after it is not made.
     *
     * @param givens the values by name; asked for each time the program reads one
     * @throws JqException    when the program ends with an error
     * @throws LimitException when the budget is used up
     */
    public @Nullable JsonNode first(JsonNode input, Function<String, @Nullable JsonNode> givens, Budget budget) {
        budget.enter(root.height());
        JsonNode first = Streams.first(root, frame(givens, budget), input);
        budget.leave(root.height());
        return first == null ? null : Results.checked(first, budget);
    }

    /**
     * Gives all outputs, one after another, as they are made.
     *
     * @throws JqException    when the program ends with an error
     * @throws LimitException when the budget is used up
     */
    public void each(
            JsonNode input, Function<String, @Nullable JsonNode> givens, Budget budget, Consumer<JsonNode> outputs) {
        budget.enter(root.height());
        int flow = root.run(frame(givens, budget), input, value -> {
            budget.output();
            outputs.accept(Results.checked(value, budget));
            return Node.GO;
        });
        assert flow == Node.GO;
        budget.leave(root.height());
    }

    private Frame frame(Function<String, @Nullable JsonNode> givens, Budget budget) {
        return new Frame(new Evaluation(budget, givens), slots);
    }
}
