package dev.sluice.loadtest.expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns trees of Jackson 3 into those of Jackson 2, which jackson-jq reads, and back: what an engine on Jackson 3 has to pay for it. */
final class Trees {

    private static final com.fasterxml.jackson.databind.node.JsonNodeFactory THEIRS =
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;
    private static final JsonNodeFactory OURS = JsonNodeFactory.instance;

    private Trees() {}

    static com.fasterxml.jackson.databind.JsonNode toTheirs(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var object = THEIRS.objectNode();
                for (var property : node.properties()) {
                    object.set(property.getKey(), toTheirs(property.getValue()));
                }
                yield object;
            }
            case ARRAY -> {
                var array = THEIRS.arrayNode(node.size());
                for (JsonNode element : node) {
                    array.add(toTheirs(element));
                }
                yield array;
            }
            case STRING -> THEIRS.textNode(node.stringValue());
            case BOOLEAN -> THEIRS.booleanNode(node.booleanValue());
            case NUMBER -> THEIRS.numberNode(node.longValue());
            case NULL, MISSING, BINARY, POJO -> THEIRS.nullNode();
        };
    }

    static JsonNode toOurs(com.fasterxml.jackson.databind.JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                ObjectNode object = OURS.objectNode();
                for (var property : node.properties()) {
                    object.set(property.getKey(), toOurs(property.getValue()));
                }
                yield object;
            }
            case ARRAY -> {
                ArrayNode array = OURS.arrayNode(node.size());
                for (var element : node) {
                    array.add(toOurs(element));
                }
                yield array;
            }
            case STRING -> OURS.stringNode(node.textValue());
            case BOOLEAN -> OURS.booleanNode(node.booleanValue());
            case NUMBER -> whole(node.longValue());
            case NULL, MISSING, BINARY, POJO -> OURS.nullNode();
        };
    }

    /** The workloads have whole numbers only. */
    private static JsonNode whole(long value) {
        return value == (int) value ? OURS.numberNode((int) value) : OURS.numberNode(value);
    }
}
