package dev.sluice.executor.gathering;

import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that are to start a run together, as the store sees them. */
sealed interface OpenSet permits EventSet, GrowingSet {

    /** Among those of its workflow, from 1 on in the order in which they were opened. */
    long number();

    /** What its events have fixed, by correlation. */
    NavigableMap<String, UUID> fixed();

    /** The places that are not as they are stored. */
    List<Row> rows(Links links);

    /** The event it took last, which has ended it if it is ended. */
    Offer last();

    /** How many events it has gathered; 0 where that is not asked. */
    default int events() {
        return 0;
    }

    /** How many bytes they add to the run's input. */
    default long bytes() {
        return 0;
    }

    /** Filters of {@code until} of which an event has come. */
    default Set<Integer> ending() {
        return Set.of();
    }

    /**
     * A place.
     *
     * @param key   under which an event looks for it
     * @param offer the event that fills it; null while it is free
     */
    record Row(int position, UUID key, @Nullable Offer offer) {}
}
