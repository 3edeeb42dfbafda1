package dev.sluice.executor.gathering;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events that start a run together once something ends them. For one thread at a time.
 *
 * <pre>
 * opened by its first event ──▶ open ──events of until, its condition, or full──▶ ended: starts a run
 *                                 └──too many, or too old──▶ dropped
 * </pre>
 */
final class GrowingSet implements OpenSet {

    /** Nobody looks for a place that is filled. */
    private static final UUID NO_KEY = new UUID(0, 0);

    private final long number;
    private final FixedValues fixed;
    private final NavigableSet<Integer> ending;
    private final int stored;
    private final List<Offer> taken = new ArrayList<>();
    private long bytes;
    /** Whether its free places are not as they are stored. */
    private boolean moved;

    private @Nullable Offer last;
    private boolean ended;

    /** As it is stored. */
    GrowingSet(long number, NavigableMap<String, UUID> fixed, int events, long bytes, Set<Integer> ending) {
        this.number = number;
        this.fixed = new FixedValues(fixed);
        this.stored = events;
        this.bytes = bytes;
        this.ending = new TreeSet<>(ending);
        this.moved = events == 0;
    }

    static GrowingSet empty(long number) {
        return new GrowingSet(number, new TreeMap<>(), 0, 0, Set.of());
    }

    /** A filter that takes an event, and how many of its values the set has fixed. */
    record Fit(GrowingSet set, Place place, int shared) {}

    /** Of some places the one whose values the set has most of, and of those the first; empty when none fits, or it has ended. */
    Optional<Fit> fit(List<Place> places) {
        Fit best = null;
        for (Place place : places) {
            if (!ended && fixed.agree(place) && (best == null || fixed.shared(place) > best.shared())) {
                best = new Fit(this, place, fixed.shared(place));
            }
        }
        return Optional.ofNullable(best);
    }

    /** Gathers an event that it fits. */
    void gather(Place place, Offer offer) {
        moved |= fixed.fix(place);
        taken.add(offer);
        bytes += offer.size();
        last = offer;
    }

    /** Takes note of an event that is one of those which end it, by the first of some places that has none yet; whether there was one. */
    boolean note(List<Place> places, Offer offer) {
        Optional<Place> place = places.stream()
                .filter(one -> !ending.contains(one.position()) && fixed.agree(one))
                .findFirst();
        place.ifPresent(one -> {
            moved |= fixed.fix(one);
            ending.add(one.position());
            last = offer;
        });
        return place.isPresent();
    }

    /** Takes no more; the event that came last has ended it. */
    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** Whether it is not as it is stored. */
    boolean changed() {
        return last != null;
    }

    /** How many of its events are stored. */
    int stored() {
        return stored;
    }

    /** What it gathered since it was read. */
    List<Offer> taken() {
        return Collections.unmodifiableList(taken);
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public NavigableMap<String, UUID> fixed() {
        return fixed.all();
    }

    @Override
    public int events() {
        return stored + taken.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Set<Integer> ending() {
        return Collections.unmodifiableNavigableSet(ending);
    }

    @Override
    public Offer last() {
        return Objects.requireNonNull(last, "nothing has come since the set was read");
    }

    /** What it gathered, by its number; and below zero the filters, under which events find it as long as it is open. */
    @Override
    public List<Row> rows(Links links) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            rows.add(new Row(stored + i, NO_KEY, taken.get(i)));
        }
        for (int filter = 0; moved && !ended && filter < links.size(); filter++) {
            rows.add(new Row(place(filter), links.key(filter, fixed.all()), null));
        }
        return rows;
    }

    /** The place under which an event of a filter finds such sets. */
    static int place(int filter) {
        return -1 - filter;
    }
}
