package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes secrets out of what a run records and passes on: an upstream may echo them, and a task may copy its input. Texts and numbers
 * of fewer than {@value #SHORTEST} characters stay, since half of all others would go with them; so do most names of members, and
 * properties of settings that are no credentials. For one run's thread.
 */
public final class Scrubber {

    /** What stands in the place of a secret. */
    public static final String HIDDEN = "***";

    private static final int SHORTEST = 4;

    private static final int LONG = 12;

    private static final int SEXTET = 6;
    private static final int SHORTEST_ENCODED = 6;

    /** Of a value that a program's message quotes. */
    private static final int LONGEST_CUT = 32;

    /** What settings have besides credentials, and everybody's texts too. */
    private static final Set<String> OPEN = Set.of(
            "authority", "grant", "scopes", "audiences", "issuers", "endpoints", "request", "authentication", "type");

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
        if (value.isNumber()) {
            return secrets.contains(value.asString());
        }
        return value.isObject()
                ? value.propertyStream().anyMatch(member -> holds(member.getValue()) || isLong(member.getKey()))
                : value.valueStream().anyMatch(this::holds);
    }

    private boolean holds(String text) {
        return secrets.stream().anyMatch(text::contains);
    }

    /** Names of members are the structure of a value; only what is nobody's word by chance is taken out of them. */
    private boolean isLong(String name) {
        return name.length() >= LONG
                && secrets.stream().anyMatch(secret -> secret.length() >= LONG && name.contains(secret));
    }

    private String name(String name) {
        return isLong(name) ? scrubbed(name) : name;
    }

    private JsonNode scrubbed(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode copy = Json.object();
                object.properties().forEach(member -> copy.set(name(member.getKey()), scrubbed(member.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = Json.array();
                array.forEach(element -> copy.add(scrubbed(element)));
                yield copy;
            }
            default -> holds(value) ? Json.string(scrubbed(value.asString())) : value;
        };
    }

    private String scrubbed(String text) {
        String scrubbed = text;
        for (String secret : secrets) {
            scrubbed = scrubbed.replace(secret, HIDDEN);
        }
        return scrubbed;
    }

    /** A message for people, in which a program's values may have been cut short: {@code ("sk_live_01...)}. */
    String message(String text) {
        String scrubbed = scrubbed(text);
        for (String secret : secrets) {
            for (int length = Math.min(secret.length() - 1, LONGEST_CUT); length >= SHORTEST; length--) {
                scrubbed = scrubbed.replace(secret.substring(0, length) + "...", HIDDEN);
            }
        }
        return scrubbed;
    }

    private static void collect(JsonNode value, List<String> texts) {
        if (value.isObject()) {
            value.properties().stream()
                    .filter(member -> !OPEN.contains(member.getKey()))
                    .forEach(member -> collect(member.getValue(), texts));
        } else if (value.isArray()) {
            value.forEach(element -> collect(element, texts));
        } else if ((value.isString() || value.isNumber()) && value.asString().length() >= SHORTEST) {
            forms(value.asString(), texts);
        }
    }

    /** As it is, and as it stands in an address, within JSON, and in whatever is encoded in base64. */
    private static void forms(String secret, List<String> texts) {
        String query = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String json = Json.text(Json.string(secret));
        texts.add(secret);
        texts.add(query);
        texts.add(query.replace("+", "%20"));
        texts.add(json.substring(1, json.length() - 1));
        for (int before = 0; before < 3; before++) {
            String encoded = encoded(secret, before);
            if (encoded.length() >= SHORTEST_ENCODED) {
                texts.add(encoded);
            }
        }
    }

    /** The characters of base64 that depend on the secret alone, when as many bytes of a group of three are before it. */
    private static String encoded(String secret, int before) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int first = (before * Byte.SIZE + SEXTET - 1) / SEXTET;
        return text.substring(first, Math.max(first, shifted.length * Byte.SIZE / SEXTET));
    }
}
