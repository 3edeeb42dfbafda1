package dev.sluice.executor.gathering;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Events that are to start a run together: the places still free, and the values the others must have. For one thread at a
 * time.
 *
 * <pre>
 * opened by its first event ──▶ open ──last place filled──▶ complete: starts a run
 *                                 └──too many, or too old──▶ dropped
 * </pre>
 */
final class EventSet implements OpenSet {

    private final long number;
    private final NavigableSet<Integer> free;
    private final FixedValues fixed;
    private final List<Filled> filled = new ArrayList<>();

    EventSet(long number, Collection<Integer> free, NavigableMap<String, UUID> fixed) {
        this.number = number;
        this.free = new TreeSet<>(free);
        this.fixed = new FixedValues(fixed);
    }

    static EventSet empty(long number, int places) {
        return new EventSet(number, IntStream.range(0, places).boxed().toList(), new TreeMap<>());
    }

    /** A place that was filled since the set was read. */
    record Filled(int position, Offer offer) {}

    /** A free place that an event fits, and how many of its values the set has fixed. */
    record Fit(EventSet set, Place place, int shared) {}

    /** The place whose values the set has most of, and of those the first; empty when the event fits none. */
    Optional<Fit> fit(Offer offer) {
        Fit best = null;
        for (Place place : offer.places()) {
            if (free.contains(place.position())
                    && fixed.agree(place)
                    && (best == null || fixed.shared(place) > best.shared())) {
                best = new Fit(this, place, fixed.shared(place));
            }
        }
        return Optional.ofNullable(best);
    }

    /** Fills a free place that the event fits. */
    void take(Place place, Offer offer) {
        if (!free.remove(place.position())) {
            throw new IllegalStateException("place " + place.position() + " of set " + number + " is not free");
        }
        var _ = fixed.fix(place);
        filled.add(new Filled(place.position(), offer));
    }

    @Override
    public long number() {
        return number;
    }

    boolean complete() {
        return free.isEmpty();
    }

    NavigableSet<Integer> free() {
        return Collections.unmodifiableNavigableSet(free);
    }

    @Override
    public NavigableMap<String, UUID> fixed() {
        return fixed.all();
    }

    /** What it took since it was read; the last one of a complete set completed it. */
    List<Filled> filled() {
        return Collections.unmodifiableList(filled);
    }

    /** Filled since it was read, or free, which may have another key now; what was filled before stays as it is. */
    @Override
    public List<Row> rows(Links links) {
        List<Row> rows = new ArrayList<>();
        filled.forEach(one -> rows.add(new Row(one.position(), links.key(one.position(), fixed.all()), one.offer())));
        free.forEach(position -> rows.add(new Row(position, links.key(position, fixed.all()), null)));
        return rows;
    }

    @Override
    public Offer last() {
        return filled.getLast().offer();
    }
}
