package dev.sluice.shared.postgres;

import java.util.Map;

/**
 * What connections set when they begin.
 *
 * <p>How statements find their rows: a plan is made once per connection, often while a table is empty, and kept until the
 * next statistics, by when the table may have a million rows: what was right for none then reads all of them for each
 * statement. All that requests and the engine do is by key, so they need no plan but that one.
 *
 * <p>How long a transaction may rest: one whose process froze or vanished between two statements holds its locks until the
 * server ends it, and none of ours rests but for a round trip.
 */
final class SessionSettings {

    private static final String RESTING_MILLIS = "15000";

    private static final Map<String, String> BY_INDEX =
            Map.of("enable_seqscan", "off", "jit", "off", "idle_in_transaction_session_timeout", RESTING_MILLIS);

    /** Whoever gives keys gets their rows: a join that reads a table as a whole is never right. */
    private static final Map<String, String> ROW_BY_ROW = Map.of(
            "enable_seqscan",
            "off",
            "enable_hashjoin",
            "off",
            "enable_mergejoin",
            "off",
            "jit",
            "off",
            "idle_in_transaction_session_timeout",
            RESTING_MILLIS);

    private SessionSettings() {}

    /** Of the connections of a login. */
    static Map<String, String> of(DatabaseRole role) {
        return switch (role) {
            case MIGRATE -> Map.of();
            case API, INGEST -> BY_INDEX;
            case ENGINE -> ROW_BY_ROW;
        };
    }
}
