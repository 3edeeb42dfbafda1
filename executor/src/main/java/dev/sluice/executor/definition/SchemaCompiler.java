package dev.sluice.executor.definition;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.schema.InvalidSchemaException;
import dev.sluice.executor.schema.JsonSchema;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code schema} of an input, an output or an export (DSL reference, "Input", "Output", "Export"). */
final class SchemaCompiler {

    private static final Pattern FORMAT = Pattern.compile("json(:(draft-0[4-7]|2019-09|2020-12))?");

    private final Violations violations;
    private final ResourceCompiler resources;
    private final Map<String, JsonSchema> compiled;

    /** Notes what it has compiled, and compiles it no more. */
    SchemaCompiler(Violations violations, ResourceCompiler resources, Map<String, JsonSchema> compiled) {
        this.violations = violations;
        this.resources = resources;
        this.compiled = compiled;
    }

    /**
     * The schema under {@code schema}; null when there is none, or it has yet to be fetched.
     *
     * @param variables what a run sees that computes where it is; none where no run could
     */
    @Nullable
    JsonSchema optional(Fields owner, Set<String> variables) {
        Fields schema = owner.object("schema");
        if (schema == null) {
            return null;
        }
        JsonSchema known = compiled.get(schema.pointer());
        JsonSchema found = known == null ? compile(schema, variables) : known;
        if (found != null) {
            compiled.put(schema.pointer(), found);
        }
        return found;
    }

    private @Nullable JsonSchema compile(Fields schema, Set<String> variables) {
        String format = schema.text("format");
        boolean json = format == null || FORMAT.matcher(format).matches();
        if (!json) {
            violations.report(schema.pointer("format"), "'" + format + "' is not available, only json (JSON Schema)");
        }
        JsonNode document = schema.get("document");
        ResourceCompiler.Document resource =
                schema.has("resource") ? resources.required(schema, "resource", variables) : null;
        schema.close();
        if ((document == null) != schema.has("resource")) {
            violations.report(schema.pointer(), "needs exactly one of document, resource");
        }
        if (document != null && json) {
            return compile(document, schema.pointer("document"));
        }
        return resource == null || !json ? null : remote(resource, schema.pointer("resource"));
    }

    private @Nullable JsonSchema remote(ResourceCompiler.Document resource, String pointer) {
        try {
            return JsonSchema.compile(resource.root());
        } catch (InvalidSchemaException e) {
            var first = e.problems().getFirst();
            violations.report(pointer, "the document there is not a schema: " + first.pointer() + " " + first.reason());
        } catch (ExpressionException e) {
            violations.report(pointer, "the schema there takes too much work: " + e.detail());
        }
        return null;
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
