package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.executor.schema.InvalidValueException;
import dev.sluice.executor.schema.JsonSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of a value on its way in or out, and what it must look like (DSL, "Data Flow"): {@code input}, {@code output} or
 * {@code export}.
 *
 * @param schema   what the value must conform to, absent for anything
 * @param template {@code from} or {@code as}, absent for identity
 */
public record Transformation(
        @Nullable JsonSchema schema, @Nullable Template template) {

    /** Takes everything and changes nothing. */
    public static final Transformation NONE = new Transformation(null, null);

    /** Whether nothing is checked or changed. */
    public boolean isNone() {
        return schema == null && template == null;
    }

    /**
     * An input: it must conform as it comes.
     *
     * @throws InvalidValueException when it does not
     * @throws ExpressionException   when the transformation ends with an error
     */
    public JsonNode in(JsonNode value, Arguments scope) {
        if (schema != null) {
            schema.check(value);
        }
        return template == null ? value : template.evaluate(value, scope);
    }

    /** The context that an output makes, which the identity leaves as it was. Throws as {@link #in} does. */
    public JsonNode exported(JsonNode output, JsonNode context, Arguments scope) {
        return template == null ? out(context, scope) : out(output, scope.with("output", output));
    }

    /** An output: it must conform as it goes. Throws as {@link #in} does. */
    public JsonNode out(JsonNode value, Arguments scope) {
        JsonNode transformed = template == null ? value : template.evaluate(value, scope);
        if (schema != null) {
            schema.check(transformed);
        }
        return transformed;
    }
}
