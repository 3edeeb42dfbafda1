package dev.sluice.executor.asyncapi;

import dev.sluice.shared.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What references within one document lead to, and what traits add. */
final class References {

    private static final int MOST_HOPS = 20;
    private static final int MOST_SCHEMAS = 1_000;
    private static final String REFERENCE = "$ref";

    /** Values that are copied of one document. */
    private static final int MOST_COPIED = 100_000;

    private final JsonNode root;
    private int copied;

    References(JsonNode root) {
        this.root = root;
    }

    /** The node, or what it refers to in the end. */
    JsonNode resolve(JsonNode node) throws AsyncApiException {
        JsonNode current = node;
        for (int hop = 0; current.has(REFERENCE); hop++) {
            String reference = current.path(REFERENCE).asString("");
            if (hop == MOST_HOPS) {
                throw new AsyncApiException("'" + reference + "' leads in a circle");
            }
            current = target(reference);
        }
        return current;
    }

    /** The node a reference leads to, with what its traits have and it has not (AsyncAPI, "Traits Merge Mechanism"). */
    JsonNode merged(JsonNode node) throws AsyncApiException {
        JsonNode own = resolve(node);
        if (!own.has("traits")) {
            return own;
        }
        ObjectNode merged = Json.object();
        own.properties().forEach(member -> merged.set(member.getKey(), member.getValue()));
        for (JsonNode trait : own.path("traits")) {
            resolve(trait).properties().stream()
                    .filter(member -> !merged.has(member.getKey()))
                    .forEach(member -> merged.set(member.getKey(), member.getValue()));
        }
        return merged;
    }

    /** The last part of a reference's pointer: what the thing is called in its document. */
    static String name(JsonNode reference) {
        String text = reference.path(REFERENCE).asString("");
        String last = text.substring(text.lastIndexOf('/') + 1);
        return decoded(last).replace("~1", "/").replace("~0", "~");
    }

    /** A schema that stands for itself: what it refers to in the document is among its own definitions. */
    ObjectNode standalone(ObjectNode schema) throws AsyncApiException {
        Map<String, String> names = new LinkedHashMap<>();
        Deque<String> unseen = new ArrayDeque<>();
        ObjectNode definitions = Json.object();
        ObjectNode whole = Json.object();
        for (var member : schema.properties()) {
            whole.set(member.getKey(), renamed(member.getValue(), names, unseen));
        }
        while (!unseen.isEmpty()) {
            String reference = unseen.removeFirst();
            definitions.set(Objects.requireNonNull(names.get(reference)), renamed(target(reference), names, unseen));
        }
        whole.set("definitions", definitions);
        return whole;
    }

    private JsonNode renamed(JsonNode schema, Map<String, String> names, Deque<String> unseen)
            throws AsyncApiException {
        copied++;
        if (copied > MOST_COPIED) {
            throw new AsyncApiException("its schemas have more than " + MOST_COPIED + " values together");
        }
        if (schema.path(REFERENCE).isString()) {
            String reference = schema.path(REFERENCE).stringValue();
            if (names.putIfAbsent(reference, "d" + names.size()) == null) {
                unseen.addLast(reference);
            }
            if (names.size() > MOST_SCHEMAS) {
                throw new AsyncApiException("a schema refers to more than " + MOST_SCHEMAS + " others");
            }
            return Json.object().put(REFERENCE, "#/definitions/" + names.get(reference));
        }
        if (schema.isArray()) {
            ArrayNode copy = Json.array();
            for (JsonNode element : schema) {
                copy.add(renamed(element, names, unseen));
            }
            return copy;
        }
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode copy = Json.object();
        for (var member : schema.properties()) {
            copy.set(member.getKey(), renamed(member.getValue(), names, unseen));
        }
        return copy;
    }

    private JsonNode target(String reference) throws AsyncApiException {
        JsonNode target = root.at(pointer(reference));
        if (target.isMissingNode()) {
            throw new AsyncApiException("'" + reference + "' leads nowhere");
        }
        return target;
    }

    private static JsonPointer pointer(String reference) throws AsyncApiException {
        if (!reference.startsWith("#/")) {
            throw new AsyncApiException("'" + reference + "' leads out of the document, which is not available yet");
        }
        try {
            return JsonPointer.compile(decoded(reference.substring(1)));
        } catch (IllegalArgumentException e) {
            throw new AsyncApiException("'" + reference + "' is no reference");
        }
    }

    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }
}
