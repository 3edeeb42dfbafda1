package dev.sluice.shared.pressure;

import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bound as it is now.
 *
 * @param name    stable, words with dots; of one organization's part it ends in {@code .organization}
 * @param limit   what it holds at most, absent when that is not for all together
 * @param used    how full it is, in the same unit
 * @param waiting what waits for room, absent where nothing waits because it is refused, or nobody counts it
 */
public record Bound(
        String name,
        @Nullable Long limit,
        long used,
        @Nullable Long waiting) {

    /** A bound at which what does not fit is refused. */
    public static Bound refusing(String name, long limit, long used) {
        return new Bound(name, limit, used, null);
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("name", name);
        if (limit != null) {
            node.put("limit", limit);
        }
        node.put("used", used);
        if (waiting != null) {
            node.put("waiting", waiting);
        }
        return node;
    }
}
