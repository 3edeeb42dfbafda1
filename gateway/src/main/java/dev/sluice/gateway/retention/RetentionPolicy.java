package dev.sluice.gateway.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an organization says of how long its things are kept; the installation's periods hold where it says nothing, or more.
 *
 * @param runsDays   after the end of a run, with its journal and payloads
 * @param eventsDays after an event came, or a run emitted it
 * @param auditDays  of the audit log; absent for ever
 * @param reason     of a hold, under which nothing goes by retention; absent while there is none
 * @param changedBy  absent while nothing was said
 */
record RetentionPolicy(
        @Nullable Integer runsDays,
        @Nullable Integer eventsDays,
        @Nullable Integer auditDays,
        @Nullable String reason,
        @Nullable String changedBy,
        @Nullable Instant changedAt) {

    static final int LEAST_RUNS_DAYS = 2;
    static final int LEAST_EVENTS_DAYS = 7;
    static final int LEAST_AUDIT_DAYS = 365;
    static final int MOST_DAYS = 36_500;

    /** Of an organization that has said nothing. */
    static final RetentionPolicy NONE = new RetentionPolicy(null, null, null, null, null, null);

    boolean hold() {
        return reason != null;
    }

    RetentionPolicy changed(String by, Instant at) {
        return new RetentionPolicy(runsDays, eventsDays, auditDays, reason, by, at);
    }
}
