package dev.sluice.loadtest.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values as scenarios write them: YAML 1.2, and so JSON too. */
final class Yaml {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** 1 and 1.0 are the same number; all else is equal or not. */
    private static final Comparator<JsonNode> NUMBERS = (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
            return new BigDecimal(one.asString()).compareTo(new BigDecimal(other.asString()));
        }
        return one.equals(other) ? 0 : 1;
    };

    private Yaml() {}

    static JsonNode read(String text) {
        Object value =
                new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text);
        return Json.read(MAPPER.writeValueAsString(value).getBytes(UTF_8));
    }

    static boolean same(JsonNode expected, JsonNode actual) {
        return expected.equals(NUMBERS, actual);
    }

    /** Whether each property that is expected is there and the same. */
    static boolean has(JsonNode actual, JsonNode expected) {
        return expected.properties().stream()
                .allMatch(property -> same(property.getValue(), actual.path(property.getKey())));
    }

    /** What is at {@code a.b.c}; missing when there is no such thing. */
    static JsonNode at(JsonNode root, String path) {
        JsonNode node = root;
        for (String name : List.of(path.split("\\.", -1))) {
            node = node.path(name);
        }
        return node;
    }
}
