package dev.sluice.executor.gathering;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The sets of one workflow that a batch of events could be for. For one thread at a time. */
final class OpenSets {

    private final Gathering gathering;
    private final Links links;
    private final NavigableMap<Long, EventSet> sets = new TreeMap<>();
    private long opened;

    /** Sets as they are stored; those that no event of the batch fits may be absent. */
    OpenSets(Gathering gathering, Links links, Collection<EventSet> open) {
        this.gathering = gathering;
        this.links = links;
        this.opened = gathering.opened();
        open.forEach(set -> sets.put(set.number(), set));
    }

    /**
     * The oldest set that has a place for the event takes it; where there is none it opens one. A set that has fixed what the
     * event has comes before one that has not fixed anything of it yet: else the two might wait for each other's events.
     */
    void take(Offer offer) {
        EventSet.Fit best = null;
        for (EventSet set : sets.values()) {
            EventSet.Fit fit = set.fit(offer).orElse(null);
            if (fit != null && (best == null || fit.shared() > best.shared())) {
                best = fit;
            }
        }
        if (best == null) {
            EventSet fresh = EventSet.empty(++opened, links.size());
            sets.put(fresh.number(), fresh);
            best = fresh.fit(offer).orElseThrow();
        }
        best.set().take(best.place(), offer);
    }

    Gathering gathering() {
        return gathering;
    }

    Links links() {
        return links;
    }

    /** The number of the last set that was opened. */
    long opened() {
        return opened;
    }

    /** The sets that took an event. */
    List<EventSet> changed() {
        return sets.values().stream().filter(set -> !set.filled().isEmpty()).toList();
    }

    List<EventSet> completed() {
        return sets.values().stream().filter(EventSet::complete).toList();
    }

    /** How many sets are open, with those that were not read. */
    int open() {
        return gathering.open()
                + (int) (opened - gathering.opened())
                - completed().size();
    }
}
