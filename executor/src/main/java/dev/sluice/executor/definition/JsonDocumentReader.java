package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON token by token into a tree with the place of each value, within the bounds of {@link Json}. */
final class JsonDocumentReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Json.MAX_NAME_LENGTH)
                    .maxNumberLength(Json.MAX_NUMBER_LENGTH)
                    .build())
            .build();

    private final JsonParser parser;
    private final Places places = new Places();
    private final Violations violations = new Violations(places.noted());

    private JsonDocumentReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The document.
     *
     * @throws dev.sluice.shared.problem.SluiceException with all that is wrong with the text
     */
    static SourceDocument read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new JsonDocumentReader(parser).document();
        }
    }

    private SourceDocument document() {
        try {
            if (parser.nextToken() == null) {
                violations.report("", new Place(1, 1), "the document is empty");
                throw violations.exception();
            }
            places.note("", place());
            JsonNode root = node("", 1);
            if (parser.nextToken() != null) {
                violations.report("", place(), "there is something after the document");
            }
            violations.throwIfAny();
            return new SourceDocument(root, places.noted());
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation() == null ? parser.currentTokenLocation() : e.getLocation();
            violations.report("", place(location), "the JSON is malformed: " + e.getOriginalMessage());
            throw violations.exception();
        }
    }

    private JsonNode node(String pointer, int depth) {
        if (parser.currentToken().isStructStart() && depth > Json.MAX_DEPTH) {
            violations.report(pointer, place(), "nested deeper than " + Json.MAX_DEPTH + " levels");
            throw violations.exception();
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(pointer, depth);
            case START_ARRAY -> array(pointer, depth);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NUMBER_INT -> whole();
            case VALUE_NUMBER_FLOAT -> fraction(pointer);
            default -> NODES.nullNode();
        };
    }

    private ObjectNode object(String pointer, int depth) {
        ObjectNode object = Json.object();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String child = Pointers.child(pointer, name);
            if (object.has(name)) {
                violations.report(child, place(), "duplicate property '" + name + '\'');
            }
            note(child);
            parser.nextToken();
            object.set(name, node(child, depth + 1));
        }
        return object;
    }

    private ArrayNode array(String pointer, int depth) {
        ArrayNode array = Json.array();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String child = Pointers.child(pointer, array.size());
            note(child);
            array.add(node(child, depth + 1));
        }
        return array;
    }

    private void note(String pointer) {
        if (pointer.length() > Pointers.LONGEST) {
            violations.report(pointer, place(), Pointers.TOO_LONG);
            throw violations.exception();
        }
        places.note(pointer, place());
    }

    private JsonNode fraction(String pointer) {
        try {
            return NODES.numberNode(parser.getDecimalValue());
        } catch (NumberFormatException e) {
            violations.report(pointer, place(), "is a number too large or too small to be held");
            return NODES.nullNode();
        }
    }

    private JsonNode whole() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private Place place() {
        return place(parser.currentTokenLocation());
    }

    private static Place place(TokenStreamLocation location) {
        return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }
}
