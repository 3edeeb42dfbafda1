package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.Part;
import dev.sluice.executor.description.References;
import dev.sluice.shared.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the references of a document lead to, and what traits add. Those of other documents are absolute, so that a part of them is as
 * good as one of this document.
 */
final class Resolver {

    private static final int MOST_SCHEMAS = 1_000;
    private static final String REFERENCE = "$ref";

    /** Values that are copied of one document. */
    private static final int MOST_COPIED = 100_000;

    private final Located document;
    private final References others;
    private int copied;

    Resolver(Located document, References others) {
        this.document = document;
        this.others = others;
    }

    /** The node, or what it refers to in the end. */
    JsonNode resolve(JsonNode node) throws DescriptionException {
        return document.at(node).resolved(others).node();
    }

    /** The node a reference leads to, with what its traits have and it has not (AsyncAPI, "Traits Merge Mechanism"). */
    JsonNode merged(JsonNode node) throws DescriptionException {
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
    ObjectNode standalone(ObjectNode schema) throws DescriptionException {
        Map<String, String> names = new LinkedHashMap<>();
        Deque<String> unseen = new ArrayDeque<>();
        ObjectNode definitions = Json.object();
        ObjectNode whole = Json.object();
        for (var member : schema.properties()) {
            whole.set(
                    member.getKey(),
                    renamed(member.getValue(), Part.DESCRIPTION.member(member.getKey()), names, unseen));
        }
        while (!unseen.isEmpty()) {
            String reference = unseen.removeFirst();
            JsonNode target = document.followed(reference, others).node();
            definitions.set(
                    Objects.requireNonNull(names.get(reference)), renamed(target, Part.DESCRIPTION, names, unseen));
        }
        whole.set("definitions", definitions);
        return whole;
    }

    private JsonNode renamed(JsonNode schema, Part part, Map<String, String> names, Deque<String> unseen)
            throws DescriptionException {
        copied++;
        if (copied > MOST_COPIED) {
            throw new DescriptionException("its schemas have more than " + MOST_COPIED + " values together");
        }
        if (part == Part.DATA || !schema.isContainer()) {
            return schema;
        }
        if (schema.isArray()) {
            ArrayNode copy = Json.array();
            for (JsonNode element : schema) {
                copy.add(renamed(element, part.element(), names, unseen));
            }
            return copy;
        }
        if (schema.path(REFERENCE).isString()) {
            return reference(schema.path(REFERENCE).stringValue(), names, unseen);
        }
        ObjectNode copy = Json.object();
        for (var member : schema.properties()) {
            copy.set(member.getKey(), renamed(member.getValue(), part.member(member.getKey()), names, unseen));
        }
        return copy;
    }

    private static JsonNode reference(String reference, Map<String, String> names, Deque<String> unseen)
            throws DescriptionException {
        if (names.putIfAbsent(reference, "d" + names.size()) == null) {
            unseen.addLast(reference);
        }
        if (names.size() > MOST_SCHEMAS) {
            throw new DescriptionException("a schema refers to more than " + MOST_SCHEMAS + " others");
        }
        return Json.object().put(REFERENCE, "#/definitions/" + names.get(reference));
    }

    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }
}
