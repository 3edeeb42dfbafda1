package dev.sluice.executor.expression;

import dev.sluice.executor.expression.syntax.Parser;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A program that only counts, such as {@code [range(10)]} or {@code [range(1; $input.pages; 2)]}. Whoever goes over its
 * elements gets each number when it is asked for; the array as a whole is made by the program itself.
 */
final class CountExpression implements Expression {

    private static final int MOST_ARGUMENTS = 3;

    /** jq counts in doubles: beyond this it could not tell neighbours apart. */
    private static final long LARGEST = 1L << 53;

    private final Expression program;
    private final List<Expression> bounds;

    private CountExpression(Expression program, List<Expression> bounds) {
        this.program = program;
        this.bounds = bounds;
    }

    /** The count a program consists of, whose bounds are numbers or have one value each; null when it does anything else. */
    static @Nullable CountExpression of(String source, Expression program, Set<String> variables) {
        if (!(Parser.parse(source) instanceof Term.Array array)
                || !(array.items() instanceof Term.Call call)
                || !call.name().equals("range")
                || call.arguments().isEmpty()
                || call.arguments().size() > MOST_ARGUMENTS) {
            return null;
        }
        List<Expression> bounds = new ArrayList<>();
        for (Term argument : call.arguments()) {
            Expression bound = bound(argument, variables);
            if (bound == null) {
                return null;
            }
            bounds.add(bound);
        }
        return new CountExpression(program, List.copyOf(bounds));
    }

    private static @Nullable Expression bound(Term term, Set<String> variables) {
        if (term instanceof Term.Literal literal) {
            return (input, arguments) -> literal.value();
        }
        if (term instanceof Term.Negation negation && negation.operand() instanceof Term.Literal literal) {
            JsonNode number = literal.value().isNumber() ? Arithmetic.negate(literal.value()) : literal.value();
            return (input, arguments) -> number;
        }
        String path = path(term);
        return path == null ? null : ProgramExpression.compile(path, variables);
    }

    /** A path of fields as its own program, or null. */
    private static @Nullable String path(Term term) {
        return switch (term) {
            case Term.Identity ignored -> ".";
            case Term.Variable variable -> '$' + variable.name();
            case Term.Index index
            when index.key() instanceof Term.Literal key && key.value().isValueNode() -> {
                String target = path(index.target());
                yield target == null ? null : target + '[' + Json.text(key.value()) + ']';
            }
            default -> null;
        };
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        return program.evaluate(input, arguments);
    }

    @Override
    public Elements elements(JsonNode input, Arguments arguments) {
        long[] numbers = new long[bounds.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode bound = bounds.get(i).evaluate(input, arguments);
            if (!bound.isIntegralNumber() || !bound.canConvertToLong() || Math.abs(bound.longValue()) > LARGEST) {
                // Fractions, and what is no number at all, are the program's own affair.
                return Elements.of(program.evaluate(input, arguments));
            }
            numbers[i] = bound.longValue();
        }
        return numbers.length == 1
                ? count(0, numbers[0], 1)
                : count(numbers[0], numbers[1], numbers.length == 2 ? 1 : numbers[2]);
    }

    private Elements count(long from, long upto, long by) {
        long size = by > 0 ? ceiling(upto - from, by) : by < 0 ? ceiling(from - upto, -by) : endless(from, upto);
        if (size > Integer.MAX_VALUE) {
            throw new ExpressionException("range gives " + size + " numbers, more than " + Integer.MAX_VALUE);
        }
        return new Count(from, by, (int) size);
    }

    private static long ceiling(long distance, long step) {
        return distance <= 0 ? 0 : (distance - 1) / step + 1;
    }

    /** A step of zero never arrives. */
    private static long endless(long from, long upto) {
        if (from < upto) {
            throw new ExpressionException("range with a step of 0 never ends");
        }
        return 0;
    }

    private record Count(long from, long by, int size) implements Elements {

        @Override
        public JsonNode get(int index) {
            long value = from + by * index;
            return value == (int) value
                    ? JsonNodeFactory.instance.numberNode((int) value)
                    : JsonNodeFactory.instance.numberNode(value);
        }
    }
}
