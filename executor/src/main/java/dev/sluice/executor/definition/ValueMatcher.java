package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** One expectation of a value of an event. */
sealed interface ValueMatcher {

    /** Longest part of a value that is shown to people, in characters. */
    int SHOWN = 100;

    /** Why the value, absent as null, is not as expected; empty when it is. */
    Optional<String> mismatch(String name, @Nullable JsonNode value);

    /** The value is the same, numbers by their amount. */
    record Equal(JsonNode expected) implements ValueMatcher {
        @Override
        public Optional<String> mismatch(String name, @Nullable JsonNode value) {
            return same(expected, value)
                    ? Optional.empty()
                    : Optional.of(name + is(value) + ", expected " + shown(expected));
        }
    }

    /** The value is a string that a pattern matches. */
    record Text(ValuePattern pattern) implements ValueMatcher {
        @Override
        public Optional<String> mismatch(String name, @Nullable JsonNode value) {
            try {
                return value != null && value.isString() && pattern.matches(value.stringValue())
                        ? Optional.empty()
                        : Optional.of(name + is(value) + ", expected " + pattern.expected());
            } catch (ExpressionException e) {
                return Optional.of(name + " cannot be matched with " + pattern.text() + ": " + e.detail());
            }
        }
    }

    /** The value is an object with properties that are as expected. */
    record Properties(List<Property> properties) implements ValueMatcher {
        @Override
        public Optional<String> mismatch(String name, @Nullable JsonNode value) {
            if (value == null || !value.isObject()) {
                return Optional.of(name + is(value) + ", expected an object");
            }
            return properties.stream()
                    .flatMap(property ->
                            property.matcher.mismatch(name + '.' + property.name, value.get(property.name)).stream())
                    .findFirst();
        }
    }

    /** A property of an object and its expectation. */
    record Property(String name, ValueMatcher matcher) {}

    /**
     * What an expression gives: a boolean is the answer, anything else must be the value.
     *
     * @param over what it is evaluated over, absent for the value itself
     */
    record Computed(
            Expression expression, String source, @Nullable JsonNode over) implements ValueMatcher {
        @Override
        public Optional<String> mismatch(String name, @Nullable JsonNode value) {
            JsonNode given = value == null ? NullNode.getInstance() : value;
            try {
                JsonNode result = expression.evaluate(over == null ? given : over, Arguments.NONE);
                if (result.isBoolean()) {
                    return result.booleanValue() ? Optional.empty() : Optional.of(name + " does not satisfy " + source);
                }
                return new Equal(result).mismatch(name, given);
            } catch (ExpressionException e) {
                return Optional.of(name + " cannot be tested with " + source + ": " + e.getMessage());
            }
        }
    }

    private static boolean same(JsonNode expected, @Nullable JsonNode value) {
        if (value != null && expected.isNumber() && value.isNumber()) {
            return expected.doubleValue() == value.doubleValue();
        }
        return expected.equals(value);
    }

    private static String is(@Nullable JsonNode value) {
        return value == null || value.isNull() ? " is absent" : " is " + shown(value);
    }

    private static String shown(JsonNode value) {
        String text = value.isString() ? "'" + value.stringValue() + '\'' : Json.text(value);
        return text.length() > SHOWN ? text.substring(0, SHOWN) + '…' : text;
    }
}
