package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Where in a message something is (AsyncAPI, "Runtime Expression"): {@code $message.payload#/user/id}. */
record Location(String part, JsonPointer pointer) {

    private static final String HEADER = "$message.header#";
    private static final String PAYLOAD = "$message.payload#";

    static Location parse(String text) throws DescriptionException {
        try {
            if (text.startsWith(HEADER)) {
                return new Location("headers", JsonPointer.compile(text.substring(HEADER.length())));
            }
            if (text.startsWith(PAYLOAD)) {
                return new Location("payload", JsonPointer.compile(text.substring(PAYLOAD.length())));
            }
        } catch (IllegalArgumentException e) {
            throw new DescriptionException("'" + text + "' has no JSON pointer");
        }
        throw new DescriptionException("'" + text + "' is neither in a message's payload nor in its header");
    }

    /** The value in an object of payload and headers, as text; null when there is none. */
    @Nullable
    String of(JsonNode message) {
        JsonNode value = message.path(part).at(pointer);
        return value.isValueNode() && !value.isNull() ? value.asString() : null;
    }
}
