package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls on a branch that were made and whose outcome is not known. When a {@code retry} comes to such a call again it
 * is the same call, so it keeps its {@code Idempotency-Key}. Only calls inside a {@code try} are kept, and no longer than
 * until that try has ended well. Immutable.
 *
 * @param keys position whose key is in use, by the call's position without the numbers of attempts
 */
record Unresolved(Map<String, String> keys) {

    static final Unresolved NONE = new Unresolved(Map.of());

    /** The position that a call's key is made from. */
    Position key(Position call) {
        String earlier = keys.isEmpty() ? null : keys.get(call.anyAttempt());
        return earlier == null ? call : new Position(earlier);
    }

    /** After a call with the key of a position whose outcome is unknown. */
    Unresolved with(Position call, Position key) {
        String any = call.anyAttempt();
        if (any.equals(call.path())) {
            return this; // nothing can repeat it
        }
        Map<String, String> more = new TreeMap<>(keys);
        more.put(any, key.path());
        return new Unresolved(Map.copyOf(more));
    }

    /** After a call whose outcome is known. */
    Unresolved without(Position call) {
        return keys.isEmpty() ? this : only(any -> !any.equals(call.anyAttempt()));
    }

    /** With the calls of another, which knows better of those that both have. */
    Unresolved and(Unresolved other) {
        if (keys.isEmpty() || other.keys.isEmpty()) {
            return keys.isEmpty() ? other : this;
        }
        Map<String, String> both = new TreeMap<>(keys);
        both.putAll(other.keys);
        return new Unresolved(Map.copyOf(both));
    }

    /** Those at a place or inside it. */
    Unresolved inside(Position place) {
        String outer = place.anyAttempt();
        return keys.isEmpty() ? this : only(any -> new Position(any).within(outer));
    }

    /** Whether a call may have been made before. */
    boolean has(Position call) {
        return keys.containsKey(call.anyAttempt());
    }

    /** Those elsewhere. */
    Unresolved outside(Position place) {
        String outer = place.anyAttempt();
        return keys.isEmpty() ? this : only(any -> !new Position(any).within(outer));
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        new TreeMap<>(keys).forEach(node::put);
        return node;
    }

    static Unresolved fromJson(JsonNode node) {
        Map<String, String> keys = node.properties().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, key -> key.getValue().asString()));
        return keys.isEmpty() ? NONE : new Unresolved(keys);
    }

    private Unresolved only(Predicate<String> wanted) {
        Map<String, String> fewer = keys.entrySet().stream()
                .filter(key -> wanted.test(key.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        return fewer.size() == keys.size() ? this : fewer.isEmpty() ? NONE : new Unresolved(fewer);
    }
}
