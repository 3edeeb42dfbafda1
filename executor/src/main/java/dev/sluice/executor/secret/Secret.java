package dev.sluice.executor.secret;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may be told of a secret.
 *
 * @param updatedAt when its value was last set
 */
record Secret(String name, Instant createdAt, Instant updatedAt) {

    /** What a name is, for callers. */
    static final String NAME = "1 to 63 characters of A-Z a-z 0-9 - _ ., the first of them a letter or digit";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }

    ObjectNode json() {
        return Json.object()
                .put("name", name)
                .put("createdAt", createdAt.toString())
                .put("updatedAt", updatedAt.toString());
    }
}
