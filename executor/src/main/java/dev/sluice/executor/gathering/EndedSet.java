package dev.sluice.executor.gathering;

import dev.sluice.shared.id.Ids;
import java.util.List;
import java.util.UUID;

/**
 * A set that is to start its run.
 *
 * @param eventId of the event that ended it
 * @param depth   of that event
 * @param events  how many it has, as far as that is known
 * @param bytes   that those add to the run's input, as far as that is known
 */
record EndedSet(UUID gathering, long number, UUID runId, UUID eventId, int depth, int events, long bytes) {

    /** Sets that one transaction starts runs of, however many events those have. */
    static final int MOST = 256;

    /** Events of all of those sets together, so that a statement takes no longer than it may. */
    static final int MOST_EVENTS = 20_000;

    /** Bytes of all of their inputs together. */
    static final long MOST_BYTES = 32L << 20;

    /** With the same run, whoever ends the set. */
    static EndedSet of(Gathering gathering, OpenSet set) {
        Offer last = set.last();
        UUID run = Ids.derived(
                Ids.time(last.eventId()),
                last.organization().toString(),
                last.workflow().namespace(),
                last.workflow().name(),
                gathering.id().toString(),
                Long.toString(set.number()));
        return new EndedSet(gathering.id(), set.number(), run, last.eventId(), last.depth(), set.events(), set.bytes());
    }

    /** How many of some sets, from the first on, may be started together; one at least. */
    static int together(List<EndedSet> sets) {
        int count = 0;
        int events = 0;
        long bytes = 0;
        for (EndedSet set : sets) {
            events += set.events;
            bytes += set.bytes;
            if (count > 0 && (count == MOST || events > MOST_EVENTS || bytes > MOST_BYTES)) {
                break;
            }
            count++;
        }
        return count;
    }
}
