package dev.sluice.gateway.published;

import java.util.Map;
import java.util.Set;

/**
 * What is done to headers on their way.
 *
 * @param set    instead of what there was; names in lower case
 * @param remove taken out; names in lower case
 */
public record HeaderEdits(Map<String, String> set, Set<String> remove) {

    static final HeaderEdits NONE = new HeaderEdits(Map.of(), Set.of());

    public HeaderEdits {
        set = Map.copyOf(set);
        remove = Set.copyOf(remove);
    }

    boolean isNone() {
        return set.isEmpty() && remove.isEmpty();
    }
}
