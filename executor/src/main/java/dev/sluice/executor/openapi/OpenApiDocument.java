package dev.sluice.executor.openapi;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A description of an API, in which operations are found by their id. */
public final class OpenApiDocument {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final int MOST_HOPS = 20;

    private final JsonNode root;
    private final URI source;

    private OpenApiDocument(JsonNode root, URI source) {
        this.root = root;
        this.source = source;
    }

    /**
     * A document that was read.
     *
     * @param source where it is from: servers without a host are where the document is
     */
    public static OpenApiDocument of(JsonNode root, URI source) throws OpenApiException {
        String version = root.path("openapi").asString(root.path("swagger").asString(""));
        if (!version.startsWith("3.") && !version.equals("2.0")) {
            throw new OpenApiException("it is neither OpenAPI 3 nor Swagger 2.0");
        }
        return new OpenApiDocument(root, source);
    }

    /** The ids of all operations. */
    public Set<String> operationIds() {
        Set<String> ids = new LinkedHashSet<>();
        for (var path : root.path("paths").properties()) {
            for (var member : path.getValue().properties()) {
                String id = member.getValue().path("operationId").asString("");
                if (METHODS.contains(member.getKey()) && !id.isEmpty()) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    /** The operation with an id, or null when there is none. */
    public @Nullable Operation operation(String id) throws OpenApiException {
        for (var path : root.path("paths").properties()) {
            JsonNode item = resolve(path.getValue());
            for (var member : item.properties()) {
                boolean wanted =
                        member.getValue().path("operationId").asString("").equals(id);
                if (wanted && METHODS.contains(member.getKey())) {
                    return operation(id, member.getKey(), path.getKey(), item, member.getValue());
                }
            }
        }
        return null;
    }

    private Operation operation(String id, String method, String path, JsonNode item, JsonNode operation)
            throws OpenApiException {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        Map<String, BodyPart> form = new LinkedHashMap<>();
        Body body = null;
        for (JsonNode list : List.of(item.path("parameters"), operation.path("parameters"))) {
            for (JsonNode entry : list) {
                JsonNode parameter = resolve(entry);
                String name = parameter.path("name").asString("");
                switch (parameter.path("in").asString("")) {
                    case "body" -> body = new Body(name, consumed(operation), required(parameter));
                    case "formData" -> form.put(name, new BodyPart(name, required(parameter)));
                    default -> {
                        Parameter read = Parameter.of(parameter);
                        parameters.put(read.in() + ' ' + name, read);
                    }
                }
            }
        }
        if (!form.isEmpty()) {
            body = Body.form(consumed(operation), List.copyOf(form.values()));
        } else if (operation.has("requestBody")) {
            JsonNode described = resolve(operation.get("requestBody"));
            body = new Body("body", described.path("content").propertyNames(), required(described));
        }
        if (body != null && body.unknownType() != null) {
            throw new OpenApiException("a body of " + body.unknownType() + " is not available yet");
        }
        return new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                Servers.of(root, item, operation, source),
                path,
                List.copyOf(parameters.values()),
                body);
    }

    private Set<String> consumed(JsonNode operation) {
        JsonNode own = operation.has("consumes") ? operation.get("consumes") : root.path("consumes");
        Set<String> types = new LinkedHashSet<>();
        own.forEach(type -> types.add(type.asString("")));
        return types;
    }

    private static boolean required(JsonNode described) {
        return described.path("required").asBoolean(false);
    }

    /** What a reference within the document leads to. */
    private JsonNode resolve(JsonNode node) throws OpenApiException {
        JsonNode current = node;
        for (int hop = 0; current.has("$ref"); hop++) {
            String reference = current.path("$ref").asString("");
            if (!reference.startsWith("#/")) {
                throw new OpenApiException("'" + reference + "' leads out of the document, which is not available yet");
            }
            if (hop == MOST_HOPS) {
                throw new OpenApiException("'" + reference + "' leads in a circle");
            }
            current = root.at(decoded(reference.substring(1)));
            if (current.isMissingNode()) {
                throw new OpenApiException("'" + reference + "' leads nowhere");
            }
        }
        return current;
    }

    private static String decoded(String fragment) throws OpenApiException {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new OpenApiException("'#" + fragment + "' is no reference");
        }
    }
}
