package dev.sluice.gateway.deprecation;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;

/**
 * The deprecated operations of an OpenAPI document: those that say {@code deprecated: true}, with {@code x-deprecation} that has
 * {@code date} and perhaps {@code sunset}, {@code link} and {@code successor}. Immutable.
 */
public final class Deprecations {

    private static final String FLAG = "deprecated";
    private static final String EXTENSION = "x-deprecation";
    private static final Set<String> FIELDS = new TreeSet<>(List.of("date", "link", "successor", "sunset"));

    private final List<Operation> operations;

    private Deprecations(List<Operation> operations) {
        this.operations = List.copyOf(operations);
    }

    /**
     * A deprecated operation.
     *
     * @param id its {@code operationId}
     */
    record Operation(String id, HttpMethod method, PathPattern path, Deprecation deprecation) {}

    /** Of a document; an {@link IllegalStateException} for one that cannot be said in headers, or not by this gateway. */
    public static Deprecations of(JsonNode document) {
        List<Operation> found = new ArrayList<>();
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation -> find(path.getKey(), operation.getKey(), operation.getValue())
                                .ifPresent(found::add)));
        return new Deprecations(found);
    }

    List<Operation> all() {
        return operations;
    }

    /** The one that a request is to; empty for none. {@code HEAD} is to what {@code GET} is to. */
    Optional<Operation> find(HttpMethod method, PathContainer path) {
        HttpMethod wanted = HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method;
        return operations.stream()
                .filter(operation ->
                        operation.method().equals(wanted) && operation.path().matches(path))
                .findFirst();
    }

    private static Optional<Operation> find(String path, String method, JsonNode operation) {
        String place = method + " " + path;
        JsonNode extension = operation.path(EXTENSION);
        boolean deprecated = operation.path(FLAG).asBoolean(false);
        require(deprecated == extension.isObject(), place, "has " + FLAG + " and " + EXTENSION + ", or neither");
        if (!deprecated) {
            return Optional.empty();
        }
        require(path.startsWith("/v1/"), place, "is below /v1, where headers can be added");
        String id = operation.path("operationId").asString("");
        require(!id.isEmpty(), place, "has an operationId");
        return Optional.of(new Operation(
                id,
                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                PathPatternParser.defaultInstance.parse(path),
                deprecation(place, extension)));
    }

    private static Deprecation deprecation(String place, JsonNode extension) {
        require(FIELDS.containsAll(extension.propertyNames()), place, EXTENSION + " has only " + FIELDS);
        @Nullable Instant date = read(place, extension, "date", Deprecation::moment);
        @Nullable Instant sunset = read(place, extension, "sunset", Deprecation::moment);
        @Nullable URI link = read(place, extension, "link", Deprecation::reference);
        @Nullable URI successor = read(place, extension, "successor", Deprecation::reference);
        if (date == null) {
            throw objection(place, EXTENSION + " has a date");
        }
        require(sunset == null || !sunset.isBefore(date), place, "its sunset is not before its date");
        return new Deprecation(date, sunset, link, successor);
    }

    private static <T> @Nullable T read(
            String place, JsonNode extension, String name, Function<String, Optional<T>> meaning) {
        JsonNode value = extension.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        Optional<T> read = value.isString() ? meaning.apply(value.stringValue()) : Optional.empty();
        return read.orElseThrow(() -> objection(place, "'" + name + "' can be sent in a header"));
    }

    private static void require(boolean holds, String place, String expected) {
        if (!holds) {
            throw objection(place, expected);
        }
    }

    private static IllegalStateException objection(String place, String expected) {
        return new IllegalStateException("openapi.yaml: " + place + " (expected: " + expected + ")");
    }
}
