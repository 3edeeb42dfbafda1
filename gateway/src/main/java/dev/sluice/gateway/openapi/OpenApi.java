package dev.sluice.gateway.openapi;

import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Route;
import dev.sluice.gateway.request.StaticFile;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the OpenAPI 3.1 document of the gateway. */
public final class OpenApi {

    private static final String SOURCE = "/openapi/openapi.yaml";
    private static final int MAX_ALIASES = 500;
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private OpenApi() {}

    /**
     * The document: of each route what is written about it, with the permission it takes, its path's parameters and the errors
     * that all have. Reads a file, so not to be called on an event loop.
     *
     * @throws IllegalStateException when a route is not written about, or something is written about none
     */
    public static ObjectNode of(List<Route> routes) {
        ObjectNode document = source();
        ObjectNode paths = (ObjectNode) document.path("paths");
        SortedSet<String> undescribed = new TreeSet<>();
        SortedSet<String> unserved = operations(paths);
        for (Route route : routes) {
            JsonNode operation = operation(paths, route);
            String name = name(route);
            if (operation instanceof ObjectNode described) {
                complete(described, route);
                unserved.remove(name);
            } else {
                undescribed.add(name);
            }
        }
        if (!undescribed.isEmpty() || !unserved.isEmpty()) {
            throw new IllegalStateException("openapi.yaml: not written about: " + undescribed + "; not served: "
                    + unserved + " (expected: none)");
        }
        paths.propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation -> common(path.getKey(), (ObjectNode) operation.getValue())));
        return document;
    }

    private static void complete(ObjectNode operation, Route route) {
        Permission permission = route.permission();
        ArrayNode security = operation.putArray("security");
        security.addObject().putArray("bearer");
        security.addObject().putArray("session");
        operation.put(
                "description",
                permission == null
                        ? "For people who have logged in."
                        : "Takes the permission `" + permission.id() + "`.");
    }

    /** What all operations have, those that take no caller too. */
    private static void common(String path, ObjectNode operation) {
        ArrayNode parameters = operation.path("parameters") instanceof ArrayNode given ? given : Json.array();
        List<String> named = parameters
                .valueStream()
                .map(parameter -> parameter.path("name").asString())
                .toList();
        PARAMETER
                .matcher(path)
                .results()
                .map(MatchResult::group)
                .map(group -> group.substring(1, group.length() - 1))
                .filter(name -> !named.contains(name))
                .forEach(name -> parameters
                        .addObject()
                        .put("name", name)
                        .put("in", "path")
                        .put("required", true)
                        .set("schema", Json.object().put("type", "string")));
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        ObjectNode responses = (ObjectNode) operation.path("responses");
        responses.set("4XX", problem("It was refused"));
        responses.set("5XX", problem("It could not be done"));
    }

    private static ObjectNode problem(String description) {
        ObjectNode response = Json.object().put("description", description);
        response.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
        return response;
    }

    /** Those that take a caller; the rest say themselves that they take none. */
    private static SortedSet<String> operations(ObjectNode paths) {
        SortedSet<String> names = new TreeSet<>();
        paths.propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .filter(operation -> !operation.getValue().has("security"))
                        .forEach(operation -> names.add(operation.getKey() + " " + path.getKey())));
        return names;
    }

    private static JsonNode operation(ObjectNode paths, Route route) {
        return paths.path(route.path().getPatternString())
                .path(route.method().name().toLowerCase(Locale.ROOT));
    }

    private static String name(Route route) {
        return route.method().name().toLowerCase(Locale.ROOT) + " "
                + route.path().getPatternString();
    }

    private static ObjectNode source() {
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setLabel(SOURCE)
                .build();
        return (ObjectNode)
                tree(new Load(settings).loadFromString(new String(StaticFile.read(SOURCE), StandardCharsets.UTF_8)));
    }

    /** A tree of its own for each alias, since each is completed by itself. */
    private static JsonNode tree(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                ObjectNode object = Json.object();
                map.forEach((key, member) -> object.set(key.toString(), tree(member)));
                yield object;
            }
            case List<?> list -> {
                ArrayNode array = Json.array();
                list.forEach(element -> array.add(tree(element)));
                yield array;
            }
            case Boolean truth -> Json.array().add(truth.booleanValue()).get(0);
            case Integer number -> Json.array().add(number.intValue()).get(0);
            default -> Json.array().add(value.toString()).get(0);
        };
    }
}
