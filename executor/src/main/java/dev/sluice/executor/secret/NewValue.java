package dev.sluice.executor.secret;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A value that somebody sets.
 *
 * @param text its JSON, at most {@value #MAX_BYTES} bytes of it; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; it only travels to where it is sealed
record NewValue(String name, byte[] text) {

    /** Most bytes of a value, written without white space. */
    static final int MAX_BYTES = 64 * 1024;

    /** Most bytes of a body: any character may be written as six. */
    static final int MAX_BODY_BYTES = 6 * MAX_BYTES + 1024;

    private static final String VALUE = "value";
    private static final int MOST_UNKNOWN = 20;

    /** Reads a request; {@link ProblemType#INVALID_REQUEST} with all that is wrong with it, and nothing of what it holds. */
    static NewValue of(String name, byte[] body) {
        List<Violation> violations = new ArrayList<>();
        if (!Secret.isName(name)) {
            violations.add(Violation.at("", "The name of a secret has " + Secret.NAME + "."));
        }
        JsonNode json = read(body);
        byte[] text = text(json, violations);
        json.propertyNames().stream()
                .filter(field -> !field.equals(VALUE))
                .limit(MOST_UNKNOWN)
                .forEach(field -> violations.add(Violation.at(pointer(field), "There is no such field.")));
        if (!violations.isEmpty()) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST, "The secret is not valid; nothing was stored.", violations);
        }
        return new NewValue(name, text);
    }

    /** What is no JSON is perhaps the secret itself, so the parser's message, which quotes it, stays here. */
    private static JsonNode read(byte[] body) {
        try {
            return Json.read(body);
        } catch (SluiceException e) {
            List<Violation> places = e.violations().stream()
                    .map(each -> new Violation("", each.line(), each.column(), "JSON is expected, {\"value\": …}."))
                    .toList();
            throw new SluiceException(ProblemType.INVALID_REQUEST, "The body is not valid JSON.", places);
        }
    }

    private static byte[] text(JsonNode json, List<Violation> violations) {
        JsonNode value = json.path(VALUE);
        byte[] text = value.isMissingNode() || value.isNull() ? new byte[0] : Json.bytes(value);
        if (!json.isObject()) {
            violations.add(Violation.at("", "A JSON object is expected."));
        } else if (value.isMissingNode()) {
            violations.add(Violation.at("/value", "The field is required."));
        } else if (value.isNull()) {
            violations.add(Violation.at("/value", "Any JSON value but null is expected; delete what is not needed."));
        } else if (text.length > MAX_BYTES) {
            violations.add(Violation.at("/value", "At most " + MAX_BYTES + " bytes of JSON are expected."));
        }
        return text;
    }

    private static String pointer(String field) {
        return "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** Without the value. */
    @Override
    public String toString() {
        return "NewValue[name=" + name + "]";
    }
}
