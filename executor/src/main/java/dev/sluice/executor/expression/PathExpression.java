package dev.sluice.executor.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * A program that only follows a path, such as {@code .order.id} or {@code $input.items[0]}, read straight from the tree.
 * Most expressions of real documents are of this kind, and jackson-jq would need a copy of the whole input for each.
 */
final class PathExpression implements Expression {

    private static final Pattern START = Pattern.compile("\\$([A-Za-z_]\\w*)|\\.(?![A-Za-z_\"])");
    private static final Pattern STEP =
            Pattern.compile("\\.([A-Za-z_]\\w*)|\\.?\\[\"([^\"\\\\]*)\"]|\\.\"([^\"\\\\]*)\"|\\.?\\[(-?\\d{1,9})]");

    private final @Nullable String variable;
    private final List<Object> steps;

    private PathExpression(@Nullable String variable, List<Object> steps) {
        this.variable = variable;
        this.steps = steps;
    }

    /** The path a program consists of, or null when it does anything else. */
    static @Nullable PathExpression parse(String source) {
        String program = source.strip();
        Matcher start = START.matcher(program);
        boolean started = start.lookingAt();
        String variable = started ? start.group(1) : null;
        int at = started ? start.end() : 0;
        if (program.isEmpty() || (!started && program.charAt(0) != '.')) {
            return null;
        }
        List<Object> steps = new ArrayList<>();
        Matcher step = STEP.matcher(program);
        while (at < program.length()) {
            if (!step.region(at, program.length()).lookingAt()) {
                return null;
            }
            steps.add(step(step));
            at = step.end();
        }
        return new PathExpression(variable, List.copyOf(steps));
    }

    private static Object step(Matcher step) {
        if (step.group(4) != null) {
            return Integer.valueOf(step.group(4));
        }
        for (int group = 1; group <= 3; group++) {
            if (step.group(group) != null) {
                return step.group(group);
            }
        }
        throw new IllegalStateException("A step without a group");
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        JsonNode value = input;
        if (variable != null) {
            value = arguments.get(variable);
            if (value == null) {
                throw new ExpressionException('$' + variable + " is not defined");
            }
        }
        for (Object step : steps) {
            value = step instanceof String name ? field(value, name) : element(value, (Integer) step);
        }
        return value;
    }

    private static JsonNode field(JsonNode value, String name) {
        if (value.isObject() || value.isNull()) {
            return orNull(value.get(name));
        }
        throw new ExpressionException("Cannot index " + type(value) + " with \"" + name + '"');
    }

    private static JsonNode element(JsonNode value, int index) {
        if (value.isArray() || value.isNull()) {
            return orNull(value.get(index < 0 ? value.size() + index : index));
        }
        throw new ExpressionException("Cannot index " + type(value) + " with number");
    }

    private static JsonNode orNull(@Nullable JsonNode value) {
        return value == null ? NullNode.getInstance() : value;
    }

    private static String type(JsonNode value) {
        return value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
