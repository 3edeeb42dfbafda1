package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.text.Dump;
import dev.sluice.executor.expression.value.JqException;
import tools.jackson.databind.JsonNode;

/** The errors of path expressions that do not lead into their input. */
final class PathErrors {

    private PathErrors() {}

    static JqException made(JsonNode value) {
        return new JqException("Invalid path expression with result " + Dump.excerpt(value));
    }

    static JqException iterated(JsonNode value) {
        return new JqException("Invalid path expression near attempt to iterate through " + Dump.excerpt(value));
    }

    static JqException accessed(JsonNode value, JsonNode key) {
        return new JqException("Invalid path expression near attempt to access element " + Dump.shortened(key) + " of "
                + Dump.excerpt(value));
    }
}
