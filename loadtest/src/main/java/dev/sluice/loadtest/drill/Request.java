package dev.sluice.loadtest.drill;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client asked for, and what it was told.
 *
 * @param number of the run it asked for; no two requests have the same
 */
record Request(int number, Kind kind, Told told) {

    /** The ways to start a run. */
    enum Kind {
        /** A delivery, repeated with its id until it is accepted. */
        WEBHOOK("webhook"),
        /** Repeated with its idempotency key until it is accepted. */
        START("start with a key"),
        /** The same, and waits for the output. */
        START_AND_WAIT("start with a key that waits"),
        /** Sent once. */
        START_WITHOUT_KEY("start without a key");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** What the client knows in the end. */
    sealed interface Told {

        /**
         * It was acknowledged.
         *
         * @param id     of the event for a webhook, else of the run
         * @param output of the run, if the client waited and got it
         */
        record Accepted(UUID id, @Nullable JsonNode output) implements Told {}

        /** It was sent once and not acknowledged: there may be a run. */
        record Nothing() implements Told {}

        /** It was answered in a way that repeating does not mend, or never accepted in all the time. */
        record Refused(String why) implements Told {}
    }
}
