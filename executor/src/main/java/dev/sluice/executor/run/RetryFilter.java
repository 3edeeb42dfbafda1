package dev.sluice.executor.run;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which faulted runs shall be retried; what is absent does not matter.
 *
 * @param namespace      only runs of one workflow; present exactly when {@code name} is
 * @param errorType      only runs that ended with an error of exactly this type
 * @param finishedAfter  only runs that ended at this instant or later
 * @param finishedBefore only runs that ended before this instant
 * @param limit          most runs, 1 to {@value #MAX_LIMIT}
 */
record RetryFilter(
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String errorType,
        @Nullable Instant finishedAfter,
        @Nullable Instant finishedBefore,
        int limit) {

    static final int MAX_LIMIT = 1_000;

    private static final int DEFAULT_LIMIT = 100;
    private static final Set<String> FIELDS =
            Set.of("workflow", "errorType", "finishedAfter", "finishedBefore", "limit");

    /** Reads a request's body; {@link ProblemType#INVALID_REQUEST} with all that is wrong with it. */
    static RetryFilter of(byte[] body) {
        JsonNode json = body.length == 0 ? Json.object() : Json.read(body);
        List<Violation> violations = new ArrayList<>();
        if (!json.isObject()) {
            violations.add(Violation.at("", "A JSON object is expected."));
        }
        json.propertyNames().stream()
                .filter(field -> !FIELDS.contains(field))
                .forEach(field -> violations.add(Violation.at("/" + field, "There is no such field.")));
        String workflow = text(json, "workflow", violations);
        String[] name = workflow == null ? new String[2] : workflow.split("/", -1);
        if (name.length != 2) {
            violations.add(Violation.at("/workflow", "Expected namespace/name."));
        }
        String errorType = text(json, "errorType", violations);
        Instant after = instant(json, "finishedAfter", violations);
        Instant before = instant(json, "finishedBefore", violations);
        int limit = limit(json, violations);
        if (!violations.isEmpty()) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST, "The filter is not valid; nothing was retried.", violations);
        }
        return new RetryFilter(name[0], name[1], errorType, after, before, limit);
    }

    private static @Nullable String text(JsonNode json, String field, List<Violation> violations) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isString() || value.asString().indexOf('\0') >= 0) {
            violations.add(Violation.at("/" + field, "A string is expected."));
            return null;
        }
        return value.asString();
    }

    private static @Nullable Instant instant(JsonNode json, String field, List<Violation> violations) {
        String text = text(json, field, violations);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            violations.add(Violation.at("/" + field, "Expected an instant such as 2026-01-31T12:00:00Z."));
            return null;
        }
    }

    private static int limit(JsonNode json, List<Violation> violations) {
        JsonNode value = json.path("limit");
        if (value.isMissingNode()) {
            return DEFAULT_LIMIT;
        }
        if (!value.isInt() || value.asInt() < 1 || value.asInt() > MAX_LIMIT) {
            violations.add(Violation.at("/limit", "Expected a number from 1 to " + MAX_LIMIT + "."));
            return DEFAULT_LIMIT;
        }
        return value.asInt();
    }
}
