package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads YAML 1.2 (core schema) event by event into a JSON tree. No object is constructed from a tag, and what could make
 * a small text a large tree, or one that JSON cannot hold, is refused with its place.
 */
final class YamlDocumentReader {

    private static final String NO_ANCHORS =
            "anchors and aliases are not accepted, because a few lines of them can stand for a document too large to hold;"
                    + " write the value out";

    private final Iterator<Event> events;
    private final Places places = new Places();
    private final Violations violations = new Violations(places.noted());

    private YamlDocumentReader(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("document")
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * The document.
     *
     * @throws dev.sluice.shared.problem.SluiceException with all that is wrong with the text
     */
    static SourceDocument read(String text) {
        YamlDocumentReader reader = new YamlDocumentReader(text);
        try {
            SourceDocument document = reader.document();
            reader.violations.throwIfAny();
            return document;
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(YamlDocumentReader::place).orElseGet(() -> new Place(1, 1));
            reader.violations.report("", place, "the YAML is malformed: " + e.getProblem());
        } catch (YamlEngineException e) {
            reader.violations.report("", new Place(1, 1), "the YAML is malformed: " + e.getMessage());
        }
        throw reader.violations.exception();
    }

    private SourceDocument document() {
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent) {
                places.note("", place(event));
                JsonNode root = node(event, "", 1);
                nothingMore();
                return new SourceDocument(root, places.noted());
            }
        }
        violations.report("", new Place(1, 1), "the document is empty");
        throw violations.exception();
    }

    private void nothingMore() {
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent) {
                violations.report("", place(event), "there is a second document; one is expected");
                throw violations.exception();
            }
        }
    }

    private JsonNode node(Event event, String pointer, int depth) {
        if (event instanceof CollectionStartEvent && depth > Json.MAX_DEPTH) {
            violations.report(pointer, place(event), "nested deeper than " + Json.MAX_DEPTH + " levels");
            throw violations.exception();
        }
        boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
        if (anchored) {
            violations.report(pointer, place(event), NO_ANCHORS);
        }
        return switch (event) {
            case AliasEvent alias -> NullNode.getInstance();
            case MappingStartEvent start -> mapping(start, pointer, depth);
            case SequenceStartEvent start -> sequence(start, pointer, depth);
            case ScalarEvent scalar -> scalar(scalar, pointer);
            default -> throw new IllegalStateException("Unexpected " + event.getEventId());
        };
    }

    private ObjectNode mapping(MappingStartEvent start, String pointer, int depth) {
        checkTag(start.getTag().orElse(null), "tag:yaml.org,2002:map", start, pointer);
        ObjectNode object = Json.object();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            Place place = place(event);
            JsonNode key = node(event, pointer, depth + 1);
            if (!key.isString()) {
                violations.report(pointer, place, "keys must be strings; put quotes around the key");
            }
            String name = key.isString() ? key.stringValue() : Json.text(key);
            String child = Pointers.child(pointer, name);
            if (object.has(name)) {
                violations.report(child, place, "duplicate property '" + name + '\'');
            }
            note(child, place);
            object.set(name, node(events.next(), child, depth + 1));
        }
        return object;
    }

    private ArrayNode sequence(SequenceStartEvent start, String pointer, int depth) {
        checkTag(start.getTag().orElse(null), "tag:yaml.org,2002:seq", start, pointer);
        ArrayNode array = Json.array();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            String child = Pointers.child(pointer, array.size());
            note(child, place(event));
            array.add(node(event, child, depth + 1));
        }
        return array;
    }

    private void note(String pointer, Place place) {
        if (pointer.length() > Pointers.LONGEST) {
            violations.report(pointer, place, Pointers.TOO_LONG);
            throw violations.exception();
        }
        places.note(pointer, place);
    }

    private JsonNode scalar(ScalarEvent scalar, String pointer) {
        checkTag(scalar.getTag().orElse(null), "tag:yaml.org,2002:str", scalar, pointer);
        if (!scalar.isPlain() || scalar.getTag().isPresent()) {
            return Json.string(scalar.getValue());
        }
        JsonNode value = YamlScalars.resolve(scalar.getValue());
        if (value == null) {
            violations.report(pointer, place(scalar), "'" + scalar.getValue() + "' is not a number that JSON has");
            return NullNode.getInstance();
        }
        return value;
    }

    private void checkTag(@Nullable String tag, String accepted, Event event, String pointer) {
        if (tag != null && !tag.equals(accepted) && !tag.equals("!")) {
            violations.report(pointer, place(event), "the tag " + tag + " is not accepted");
        }
    }

    private static Place place(Event event) {
        return event.getStartMark().map(YamlDocumentReader::place).orElseGet(() -> new Place(1, 1));
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
