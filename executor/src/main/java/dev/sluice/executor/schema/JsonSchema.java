package dev.sluice.executor.schema;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A compiled JSON Schema, of draft 2020-12 unless its {@code $schema} says another (JSON Schema Core and Validation).
 * {@code format} is an annotation, as 2020-12 has it. References lead to places of the document itself and to the drafts' own
 * schemas, nowhere else. Immutable and thread-safe.
 */
public final class JsonSchema {

    private static final int MOST_TOLD = 5;
    private static final int LONGEST_TOLD = 300;

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .regularExpressionFactory(new Patterns())
            .formatAssertionsEnabled(false)
            .preloadSchema(true)
            .build();

    private static final Map<SpecificationVersion, Schema> DRAFTS = drafts();

    private final Schema schema;

    private JsonSchema(Schema schema) {
        this.schema = schema;
    }

    /** Reads the drafts from the class path, which an event loop must not. */
    public static void warmUp() {
        if (DRAFTS.isEmpty()) {
            throw new IllegalStateException("JSON Schema has no drafts");
        }
    }

    /**
     * Compiles a schema.
     *
     * @throws InvalidSchemaException with all that is wrong with it
     * @throws ExpressionException    when that takes more work than an evaluation may
     */
    public static JsonSchema compile(JsonNode document) throws InvalidSchemaException {
        SpecificationVersion draft = draft(document);
        try {
            List<Error> errors =
                    Allowance.metered(budget -> errors(Objects.requireNonNull(DRAFTS.get(draft)), document, budget));
            if (!errors.isEmpty()) {
                throw new InvalidSchemaException(errors.stream()
                        .map(error -> new InvalidSchemaException.Problem(
                                error.getInstanceLocation().toString(), error.getMessage()))
                        .distinct()
                        .toList());
            }
            return new JsonSchema(Allowance.metered(budget -> Patterns.paid(budget, () -> compiled(document, draft))));
        } catch (SchemaException | IllegalArgumentException | JacksonException e) {
            throw new InvalidSchemaException("", Objects.requireNonNullElse(root(e).getMessage(), "not a schema"));
        }
    }

    /** What the library has wrapped. */
    private static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /**
     * Holds a value against the schema.
     *
     * @throws InvalidValueException when it does not conform, with up to {@value #MOST_TOLD} of the reasons
     * @throws ExpressionException   when that takes more work than an evaluation may
     */
    public void check(JsonNode value) {
        List<Error> errors = Allowance.metered(budget -> Patterns.paid(budget, () -> errors(schema, value, budget)));
        if (!errors.isEmpty()) {
            throw new InvalidValueException(told(errors));
        }
    }

    /** A registry of its own: what another document calls itself means nothing to this one. */
    private static Schema compiled(JsonNode document, SpecificationVersion draft) {
        Schema schema = SchemaRegistry.withDefaultDialect(
                        draft,
                        builder -> builder.schemaRegistryConfig(CONFIG)
                                .schemaLoader(loader -> loader.allow(JsonSchema::isDraft)))
                .getSchema(document);
        try {
            schema.initializeValidators();
        } catch (SchemaException e) {
            if (root(e) instanceof LimitException exceeded) {
                throw exceeded;
            }
            throw e;
        }
        return schema;
    }

    /** The library would read any file of the class path. */
    private static boolean isDraft(AbsoluteIri iri) {
        return iri.toString().startsWith("https://json-schema.org/")
                || iri.toString().startsWith("http://json-schema.org/");
    }

    private static SpecificationVersion draft(JsonNode document) throws InvalidSchemaException {
        JsonNode named = document.path("$schema");
        if (named.isMissingNode()) {
            return SpecificationVersion.DRAFT_2020_12;
        }
        return SpecificationVersion.fromDialectId(named.asString(""))
                .orElseThrow(() -> new InvalidSchemaException(
                        "/$schema",
                        "is none of JSON Schema's drafts; use https://json-schema.org/draft/2020-12/schema"));
    }

    private static List<Error> errors(Schema schema, JsonNode value, Budget budget) {
        MeteredContext context = new MeteredContext(budget);
        schema.validate(context, value);
        return context.getErrors();
    }

    private static String told(List<Error> errors) {
        String told = errors.stream().limit(MOST_TOLD).map(error -> text(error)).collect(Collectors.joining("; "));
        int untold = errors.size() - MOST_TOLD;
        return untold > 0 ? told + "; and " + untold + " more" : told;
    }

    private static String text(Error error) {
        String place = error.getInstanceLocation().toString();
        String text = place.isEmpty() ? error.getMessage() : place + ": " + error.getMessage();
        return text.length() > LONGEST_TOLD ? text.substring(0, LONGEST_TOLD) + "…" : text;
    }

    private static Map<SpecificationVersion, Schema> drafts() {
        Map<SpecificationVersion, Schema> drafts = new EnumMap<>(SpecificationVersion.class);
        for (SpecificationVersion draft : SpecificationVersion.values()) {
            Schema meta = SchemaRegistry.withDefaultDialect(draft).getSchema(SchemaLocation.of(draft.getDialectId()));
            meta.initializeValidators();
            drafts.put(draft, meta);
        }
        return drafts;
    }
}
