package dev.sluice.shared.json;

import tools.jackson.databind.JsonNode;

/**
 * A value and its UTF-8 text, which is written once: where its size counts before it is stored.
 *
 * @param text not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // may have megabytes, and is never compared
public record EncodedJson(JsonNode tree, byte[] text) {

    /** Writes the text of a tree. */
    public static EncodedJson of(JsonNode tree) {
        return new EncodedJson(tree, Json.bytes(tree));
    }

    /** Length of the text in bytes. */
    public int size() {
        return text.length;
    }
}
