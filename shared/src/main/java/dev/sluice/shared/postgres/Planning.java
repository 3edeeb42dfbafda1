package dev.sluice.shared.postgres;

import java.util.Map;

/**
 * How statements find their rows. A plan is made once per connection, often while a table is empty, and kept until the next
 * statistics, by when the table may have a million rows: what was right for none then reads all of them for each
 * statement. All that requests and the engine do is by key, so they need no plan but that one.
 */
final class Planning {

    private static final Map<String, String> BY_INDEX = Map.of("enable_seqscan", "off", "jit", "off");

    /** Whoever gives keys gets their rows: a join that reads a table as a whole is never right. */
    private static final Map<String, String> ROW_BY_ROW =
            Map.of("enable_seqscan", "off", "enable_hashjoin", "off", "enable_mergejoin", "off", "jit", "off");

    private Planning() {}

    /** What the connections of a login set. */
    static Map<String, String> of(DatabaseRole role) {
        return switch (role) {
            case MIGRATE -> Map.of();
            case API, INGEST -> BY_INDEX;
            case ENGINE -> ROW_BY_ROW;
        };
    }
}
