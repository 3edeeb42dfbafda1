package dev.sluice.executor.definition;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.schema.InvalidSchemaException;
import dev.sluice.executor.schema.JsonSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code schema} of an input, an output or an export (DSL reference, "Input", "Output", "Export"). */
final class SchemaCompiler {

    private static final String JSON = "json";

    private final Violations violations;

    SchemaCompiler(Violations violations) {
        this.violations = violations;
    }

    /** The schema under {@code schema}, or null when there is none. */
    @Nullable
    JsonSchema optional(Fields owner) {
        Fields schema = owner.object("schema");
        if (schema == null) {
            return null;
        }
        String format = schema.text("format");
        if (format != null && !format.equals(JSON) && !format.startsWith(JSON + ':')) {
            violations.report(schema.pointer("format"), "'" + format + "' is not available, only json (JSON Schema)");
        }
        schema.unavailable("resource");
        JsonNode document = schema.get("document");
        schema.close();
        if (document == null) {
            if (!schema.has("resource")) {
                violations.report(schema.pointer(), "needs one of document, resource");
            }
            return null;
        }
        return compile(document, schema.pointer("document"));
    }

    private @Nullable JsonSchema compile(JsonNode document, String pointer) {
        try {
            return JsonSchema.compile(document);
        } catch (InvalidSchemaException e) {
            e.problems()
                    .forEach(problem ->
                            violations.report(pointer + problem.pointer(), "not a schema: " + problem.reason()));
        } catch (ExpressionException e) {
            violations.report(pointer, "the schema takes too much work: " + e.detail());
        }
        return null;
    }
}
