package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.PendingException;
import dev.sluice.executor.description.References;
import java.net.URI;
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

    private static final Set<String> ELSEWHERE = Set.of("accept", "authorization", "content-type");

    private final JsonNode root;
    private final URI source;
    private final References others;

    private OpenApiDocument(JsonNode root, URI source, References others) {
        this.root = root;
        this.source = source;
        this.others = others;
    }

    /**
     * A document that was read.
     *
     * @param source where it is from: servers without a host are where the document is
     * @param others the documents that it refers to
     */
    public static OpenApiDocument of(JsonNode root, URI source, References others) throws DescriptionException {
        String version = root.path("openapi").asString(root.path("swagger").asString(""));
        if (!version.startsWith("3.") && !version.equals("2.0")) {
            throw new DescriptionException("it is neither OpenAPI 3 nor Swagger 2.0");
        }
        return new OpenApiDocument(root, source, others);
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

    /**
     * The operation with an id, or null when there is none.
     *
     * @throws PendingException while it may be in a document that has yet to be fetched
     */
    public @Nullable Operation operation(String id) throws DescriptionException {
        Located whole = Located.whole(root, source);
        PendingException pending = null;
        for (var path : root.path("paths").properties()) {
            try {
                Operation found =
                        operation(id, path.getKey(), whole.at(path.getValue()).resolved(others));
                if (found != null) {
                    return found;
                }
            } catch (PendingException e) {
                // All that is missing is asked for at once.
                pending = e;
            }
        }
        if (pending != null) {
            throw pending;
        }
        return null;
    }

    private @Nullable Operation operation(String id, String path, Located item) throws DescriptionException {
        for (var member : item.node().properties()) {
            boolean wanted = member.getValue().path("operationId").asString("").equals(id);
            if (wanted && METHODS.contains(member.getKey())) {
                return operation(id, member.getKey(), path, item, member.getValue());
            }
        }
        return null;
    }

    private Operation operation(String id, String method, String path, Located item, JsonNode operation)
            throws DescriptionException {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        Map<String, JsonNode> form = new LinkedHashMap<>();
        Set<String> ignored = new LinkedHashSet<>();
        Body body = null;
        for (JsonNode list : List.of(item.node().path("parameters"), operation.path("parameters"))) {
            for (JsonNode entry : list) {
                JsonNode parameter = item.at(entry).resolved(others).node();
                String name = parameter.path("name").asString("");
                switch (parameter.path("in").asString("")) {
                    case "body" -> body = Bodies.consumed(parameter, consumed(operation));
                    case "formData" -> form.put(name, parameter);
                    default -> {
                        Parameter read = Parameter.of(parameter);
                        if (read.in().equals("header") && ignoresHeader(name)) {
                            ignored.add(name);
                        } else {
                            parameters.put(read.in() + ' ' + name, read);
                        }
                    }
                }
            }
        }
        if (!form.isEmpty()) {
            body = Bodies.fields(form.values(), consumed(operation));
        } else if (operation.has("requestBody")) {
            body = new Bodies(others, styledParts())
                    .described(item.at(operation.get("requestBody")).resolved(others));
        }
        requirePlaces(path, parameters.keySet());
        return new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                Servers.of(root, item.node(), operation, source),
                path,
                List.copyOf(parameters.values()),
                ignored,
                body);
    }

    /** What stands for a place must be known. */
    private static void requirePlaces(String path, Set<String> parameters) throws DescriptionException {
        for (String name : Operation.places(path)) {
            if (!parameters.contains("path " + name)) {
                throw new DescriptionException("its path '" + path + "' has no parameter '" + name + "'");
            }
        }
    }

    /** OpenAPI 3 has other places for what these say (Parameter Object, "name"). */
    private boolean ignoresHeader(String name) {
        return root.has("openapi") && ELSEWHERE.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Until OpenAPI 3.1 only values of forms that are one text had a style. */
    private boolean styledParts() {
        return !root.path("openapi").asString("").startsWith("3.0");
    }

    private Set<String> consumed(JsonNode operation) {
        JsonNode own = operation.has("consumes") ? operation.get("consumes") : root.path("consumes");
        Set<String> types = new LinkedHashSet<>();
        own.forEach(type -> types.add(type.asString("")));
        return types;
    }
}
