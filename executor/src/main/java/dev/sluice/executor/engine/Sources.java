package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The documents that a task of a run was compiled with, without what is secret in them. Their addresses may have something secret too,
 * so they are recorded without it, and found by what was recorded. For one run's thread.
 */
final class Sources {

    private static final String DOCUMENTS = "documents";
    private static final String URI_OF = "uri";
    private static final String CONTENT = "content";

    private final Map<URI, byte[]> contents = new TreeMap<>();
    private final Scrubber scrubber;

    Sources(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** What is recorded of an entry's documents, by their addresses as they are recorded. */
    static Map<String, byte[]> recorded(JsonNode payload) {
        Map<String, byte[]> all = new HashMap<>();
        payload.path(DOCUMENTS)
                .forEach(document -> all.put(
                        document.path(URI_OF).asString(),
                        document.path(CONTENT).asString().getBytes(StandardCharsets.UTF_8)));
        return all;
    }

    /** What an address is recorded as. */
    String told(URI uri) {
        return scrubber.scrub(Json.string(uri.toString())).asString();
    }

    /** Takes a document; says what is wrong with it when it cannot be recorded. */
    Optional<String> add(URI uri, byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            String kept = scrubber.scrub(Json.string(text)).asString();
            contents.put(uri, kept.equals(text) ? content : kept.getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("the text there is not UTF-8");
        }
    }

    /** The documents, by their addresses. */
    Map<URI, byte[]> contents() {
        return Map.copyOf(contents);
    }

    /** What is recorded of them. */
    ObjectNode payload() {
        ObjectNode payload = Json.object();
        ArrayNode documents = payload.putArray(DOCUMENTS);
        contents.forEach((uri, content) ->
                documents.addObject().put(URI_OF, told(uri)).put(CONTENT, new String(content, StandardCharsets.UTF_8)));
        return payload;
    }
}
