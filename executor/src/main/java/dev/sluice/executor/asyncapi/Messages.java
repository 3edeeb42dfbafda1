package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.schema.InvalidSchemaException;
import dev.sluice.executor.schema.JsonSchema;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import dev.sluice.shared.problem.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of an operation, of which each that goes or comes is one. Immutable and thread-safe. */
public final class Messages {

    private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema#";

    private final String contentType;
    private final @Nullable JsonSchema payload;
    private final @Nullable JsonSchema headers;
    private final @Nullable JsonSchema httpHeaders;
    private final List<Location> correlations;

    private Messages(
            String contentType,
            @Nullable JsonSchema payload,
            @Nullable JsonSchema headers,
            @Nullable JsonSchema httpHeaders,
            List<Location> correlations) {
        this.contentType = contentType;
        this.payload = payload;
        this.headers = headers;
        this.httpHeaders = httpHeaders;
        this.correlations = List.copyOf(correlations);
    }

    /**
     * The messages that a document describes.
     *
     * @param checked   whether values will be held against their schemas
     * @param otherwise the document's own content type
     */
    static Messages of(List<JsonNode> described, boolean checked, String otherwise, Resolver references)
            throws DescriptionException {
        String contentType = "";
        List<Location> correlations = new ArrayList<>();
        Set<JsonNode> payloads = new LinkedHashSet<>();
        Set<JsonNode> headers = new LinkedHashSet<>();
        Set<JsonNode> httpHeaders = new LinkedHashSet<>();
        for (JsonNode entry : described) {
            JsonNode message = references.merged(entry);
            contentType = contentType.isEmpty() ? message.path("contentType").asString("") : contentType;
            JsonNode correlation = references.resolve(message.path("correlationId"));
            if (correlation.has("location")) {
                correlations.add(Location.parse(correlation.path("location").asString("")));
            }
            add(schema(message.path("payload"), message.path("schemaFormat")), payloads);
            add(schema(message.path("headers"), Json.object().path("schemaFormat")), headers);
            add(references.resolve(message.path("bindings")).path("http").path("headers"), httpHeaders);
        }
        String type = contentType.isEmpty() ? otherwise : contentType;
        if (!MediaTypes.json(type) && !MediaTypes.text(type)) {
            throw new DescriptionException("messages of " + type + " are not available, only JSON and text");
        }
        return new Messages(
                type,
                checked ? any(payloads, references) : null,
                checked ? any(headers, references) : null,
                checked ? any(httpHeaders, references) : null,
                correlations);
    }

    /** One that is there already says nothing more. */
    private static void add(JsonNode schema, Set<JsonNode> schemas) {
        var _ = schemas.add(schema);
    }

    /** The media type of payloads. */
    public String contentType() {
        return contentType;
    }

    /**
     * Holds a message against the schemas that the document has for it.
     *
     * @throws dev.sluice.executor.schema.InvalidValueException when it conforms to none of them
     * @throws ExpressionException when that takes too much work
     */
    public void check(JsonNode message, Protocol protocol) {
        if (payload != null) {
            payload.check(message.has("payload") ? message.get("payload") : NullNode.getInstance());
        }
        JsonNode given = message.has("headers") ? message.get("headers") : Json.object();
        if (headers != null) {
            headers.check(given);
        }
        if (httpHeaders != null && protocol == Protocol.HTTP) {
            httpHeaders.check(given);
        }
    }

    /** What goes over the wire: text as it is where the message is text, JSON otherwise. */
    public byte[] encoded(JsonNode value) {
        return value.isString() && !MediaTypes.json(contentType)
                ? value.stringValue().getBytes(StandardCharsets.UTF_8)
                : Json.bytes(value);
    }

    /** A message that came, as workflows see it (DSL reference, "AsyncAPI Inbound Message"). What is not JSON is text. */
    public ObjectNode inbound(String text, ObjectNode given) {
        ObjectNode message = Json.object();
        message.set("payload", MediaTypes.json(contentType) ? parsed(text) : Json.string(text));
        if (!given.isEmpty()) {
            message.set("headers", given);
        }
        correlations.stream()
                .map(location -> location.of(message))
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(id -> message.put("correlationId", id));
        return message;
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (SluiceException e) {
            return Json.string(text);
        }
    }

    /** The schema, a missing node for none and for one that is no JSON Schema. */
    private static JsonNode schema(JsonNode described, JsonNode format) {
        boolean own = described.has("schemaFormat");
        String named = own ? described.path("schemaFormat").asString("") : format.asString("");
        boolean json = named.isEmpty()
                || named.startsWith("application/vnd.aai.asyncapi")
                || named.startsWith("application/schema+");
        return json
                ? (own ? described.path("schema") : described)
                : Json.object().path("none");
    }

    /** A schema that each of several conforms to; null when one of them may be anything. */
    private static @Nullable JsonSchema any(Set<JsonNode> schemas, Resolver references) throws DescriptionException {
        if (schemas.isEmpty() || schemas.stream().anyMatch(JsonNode::isMissingNode)) {
            return null;
        }
        ObjectNode whole = Json.object().put("$schema", DRAFT_7);
        ArrayNode alternatives = whole.putArray(schemas.size() == 1 ? "allOf" : "anyOf");
        schemas.forEach(alternatives::add);
        try {
            return JsonSchema.compile(references.standalone(whole));
        } catch (InvalidSchemaException e) {
            var first = e.problems().getFirst();
            throw new DescriptionException(
                    "the schema of a message is none: " + first.pointer() + " " + first.reason());
        } catch (ExpressionException e) {
            throw new DescriptionException("the schema of a message takes too much work: " + e.detail());
        }
    }
}
