package dev.sluice.executor.gathering;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** The sets of one workflow that take one event for each filter, as far as a batch of events could be for them. For one thread at a time. */
final class OpenSets implements Filling {

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

    @Override
    public Mono<Void> takeAll(List<Offer> offers) {
        return Mono.fromRunnable(() -> offers.forEach(this::take));
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

    @Override
    public Gathering gathering() {
        return gathering;
    }

    @Override
    public Links links() {
        return links;
    }

    @Override
    public long opened() {
        return opened;
    }

    @Override
    public List<EventSet> changed() {
        return sets.values().stream().filter(set -> !set.filled().isEmpty()).toList();
    }

    @Override
    public List<EventSet> completed() {
        return sets.values().stream().filter(EventSet::complete).toList();
    }
}
