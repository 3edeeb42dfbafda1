package dev.sluice.executor.description;

import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a document's references lead to the same wherever a part of it is put. */
public final class AbsoluteReferences {

    private static final String REFERENCE = "$ref";

    private AbsoluteReferences() {}

    /** A copy of the document whose references are absolute. A reference that is none stays as it is, and so does an author's data. */
    public static JsonNode of(JsonNode document, URI base) {
        return of(document, Part.whole(document), base);
    }

    private static JsonNode of(JsonNode node, Part part, URI base) {
        if (part == Part.DATA) {
            return node;
        }
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = Json.object();
                object.properties().forEach(member -> copy.set(member.getKey(), member(member, part, base)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = Json.array();
                array.forEach(element -> copy.add(of(element, part.element(), base)));
                yield copy;
            }
            default -> node;
        };
    }

    private static JsonNode member(Map.Entry<String, JsonNode> member, Part part, URI base) {
        JsonNode value = member.getValue();
        return member.getKey().equals(REFERENCE) && value.isString()
                ? Json.string(absolute(value.stringValue(), base))
                : of(value, part.member(member.getKey()), base);
    }

    /** The fragment stays as it is written. */
    private static String absolute(String reference, URI base) {
        int hash = reference.indexOf('#');
        String address = hash < 0 ? reference : reference.substring(0, hash);
        String fragment = hash < 0 ? "" : reference.substring(hash);
        try {
            return (address.isEmpty() ? base : base.resolve(new URI(address))) + fragment;
        } catch (URISyntaxException e) {
            return reference;
        }
    }
}
