package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes secrets out of what a run records and passes on: an upstream may echo them, and a task may copy its input. Texts of fewer
 * than {@value #SHORTEST} characters stay, since half of all other texts would go with them. For one run's thread.
 */
public final class Scrubber {

    /** What stands in the place of a secret. */
    public static final String HIDDEN = "***";

    private static final int SHORTEST = 4;

    private List<String> secrets = List.of();

    /** Takes out nothing yet. */
    public Scrubber() {}

    /** From now on all texts in these values too. */
    public void hide(Collection<JsonNode> values) {
        List<String> all = new ArrayList<>(secrets);
        values.forEach(value -> collect(value, all));
        // A secret within another leaves nothing of the other.
        secrets = all.stream()
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Whether there is anything to take out. */
    boolean isIdle() {
        return secrets.isEmpty();
    }

    /** The value without secrets; the same one when it has none. */
    public JsonNode scrub(JsonNode value) {
        return secrets.isEmpty() || !holds(value) ? value : scrubbed(value);
    }

    private boolean holds(JsonNode value) {
        if (value.isString()) {
            return holds(value.stringValue());
        }
        return value.isObject()
                ? value.propertyStream().anyMatch(member -> holds(member.getKey()) || holds(member.getValue()))
                : value.valueStream().anyMatch(this::holds);
    }

    private boolean holds(String text) {
        return secrets.stream().anyMatch(text::contains);
    }

    private JsonNode scrubbed(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode copy = Json.object();
                object.properties().forEach(member -> copy.set(scrubbed(member.getKey()), scrubbed(member.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = Json.array();
                array.forEach(element -> copy.add(scrubbed(element)));
                yield copy;
            }
            default -> value.isString() ? Json.string(scrubbed(value.stringValue())) : value;
        };
    }

    private String scrubbed(String text) {
        String scrubbed = text;
        for (String secret : secrets) {
            scrubbed = scrubbed.replace(secret, HIDDEN);
        }
        return scrubbed;
    }

    private static void collect(JsonNode value, List<String> texts) {
        if (value.isString() && value.stringValue().length() >= SHORTEST) {
            texts.add(value.stringValue());
        }
        value.forEach(element -> collect(element, texts));
    }
}
