package dev.sluice.gateway.deletion;

import java.util.Arrays;
import java.util.Locale;

/**
 * How far the end of an organization is.
 *
 * <pre>
 * WAITING ──▶ GATEWAY ──▶ EXECUTOR ──▶ REDIS ──▶ SETTLED ──▶ gone
 *    │           ▲            │                     │
 *    ▼           └── found ───┴─── still referred to ┘
 * REOPENING ──▶ open again
 * </pre>
 */
enum Phase {
    /** Closed; may be called off. */
    WAITING,
    /** Was called off. */
    REOPENING,
    /** Rows of the gateway go. */
    GATEWAY,
    /** Rows of the executors go. */
    EXECUTOR,
    /** A round through both found nothing; now what Redis has. */
    REDIS,
    /** All that is left is the organization itself, and its certificate. */
    SETTLED;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String id) {
        return Arrays.stream(values())
                .filter(phase -> phase.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("phase: " + id));
    }
}
