package dev.sluice.executor.openapi;

import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A field of a form, which in a multipart body is a part (OpenAPI, "Encoding Object").
 *
 * @param mediaType empty where it goes by the value
 * @param headers   of its part, besides its type
 * @param style     how values are written that are one text, or several, as those of parameters; absent for not so
 */
record FormField(
        String name,
        boolean required,
        Kind kind,
        String mediaType,
        Map<String, String> headers,
        @Nullable Parameter style) {

    /** What a value is. */
    enum Kind {
        /** Text if it is a scalar, JSON otherwise. */
        VALUE,
        JSON,
        /** Text of a media type that the document names. */
        TEXT,
        /** Text into which the workflow has encoded something. */
        ENCODED,
        FILE
    }

    FormField {
        headers = Map.copyOf(headers);
    }

    /** One that goes by its value. */
    static FormField of(String name, boolean required) {
        return new FormField(name, required, Kind.VALUE, "", Map.of(), null);
    }

    /** One whose values are written as those of parameters. */
    static FormField styled(Parameter style) {
        return new FormField(style.name(), style.required(), Kind.VALUE, "", Map.of(), style);
    }

    /** A file that is of any type. */
    static FormField file(String name, boolean required) {
        return new FormField(name, required, Kind.FILE, "", Map.of(), null);
    }

    /** Names and values that a value is written as: none for null, one for each element of a list that is not JSON. */
    List<Map.Entry<String, JsonNode>> entries(JsonNode value) {
        if (value.isNull()) {
            return List.of();
        }
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
        if (style != null) {
            style.inQuery(value)
                    .forEach(entry -> entries.add(Map.entry(entry.getKey(), Json.string(entry.getValue()))));
        } else if (value.isArray() && isRepeated(value)) {
            value.forEach(element -> entries.add(Map.entry(name, element)));
        } else {
            entries.add(Map.entry(name, value));
        }
        return entries;
    }

    private boolean isRepeated(JsonNode list) {
        return switch (kind) {
            case JSON -> false;
            case VALUE -> list.valueStream().noneMatch(JsonNode::isContainer);
            case TEXT, ENCODED, FILE -> true;
        };
    }
}
