package dev.sluice.executor.definition;

/**
 * The part of {@code schedule} that is about time.
 *
 * @param missed what becomes of ticks that came while no executor was there
 */
public record Schedule(Recurrence recurrence, MissedTicks missed) {

    /** {@code metadata.sluice.schedule.missed} of the document. */
    public enum MissedTicks {
        /** One run for all of them. */
        ONCE,
        /** No run; the next tick is one to come. */
        SKIP,
        /** A run for each. */
        ALL
    }
}
