package dev.sluice.executor.gathering;

import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.expression.Expression;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The sets of one workflow that take events until something ends them. An event that a filter of {@code until} takes is only that: it
 * ends each set whose values agree with its own, and gathers in none. For one thread at a time.
 */
final class GrowingSets implements Filling {

    private static final Logger LOG = LoggerFactory.getLogger(GrowingSets.class);

    private final Gathering gathering;
    private final Rule.Until rule;
    private final SetBounds bounds;
    private final Function<GrowingSet, Mono<? extends JsonNode>> contents;
    private final EvaluationThreads evaluations;
    private final NavigableMap<Long, GrowingSet> sets = new TreeMap<>();
    private long opened;
    private int filled;
    private boolean failed;

    /**
     * Sets as they are stored; those that no event of the batch fits may be absent.
     *
     * @param contents what each event of a set has added, with those that came since it was stored
     */
    GrowingSets(
            Gathering gathering,
            Rule.Until rule,
            Collection<GrowingSet> open,
            SetBounds bounds,
            Function<GrowingSet, Mono<? extends JsonNode>> contents,
            EvaluationThreads evaluations) {
        this.gathering = gathering;
        this.rule = rule;
        this.bounds = bounds;
        this.contents = contents;
        this.evaluations = evaluations;
        this.opened = gathering.opened();
        open.forEach(set -> sets.put(set.number(), set));
    }

    @Override
    public Mono<Void> takeAll(List<Offer> offers) {
        return Flux.fromIterable(offers).concatMap(this::take).then();
    }

    private Mono<Void> take(Offer offer) {
        List<Place> ending = offer.places().stream().filter(rule::ends).toList();
        return ending.isEmpty() ? gather(offer) : Mono.fromRunnable(() -> note(ending, offer));
    }

    /** A set begins with its first event: before there is one nothing is ended. */
    private void note(List<Place> places, Offer offer) {
        for (GrowingSet set : sets.values()) {
            if (!set.ended() && set.note(places, offer) && rule.enough(set.ending())) {
                set.end();
            }
        }
    }

    private Mono<Void> gather(Offer offer) {
        GrowingSet.Fit fit = fit(offer);
        fit.set().gather(fit.place(), offer);
        return enough(fit.set(), offer)
                .doOnNext(enough -> settle(fit.set(), enough))
                .then();
    }

    private void settle(GrowingSet set, boolean enough) {
        boolean full = set.events() >= bounds.events() || set.bytes() >= bounds.bytes();
        if (enough || full) {
            set.end();
            filled += enough ? 0 : 1;
        }
    }

    /** The oldest of those that have most of the event's values; a new one where there is none. */
    private GrowingSet.Fit fit(Offer offer) {
        GrowingSet.Fit best = null;
        for (GrowingSet set : sets.values()) {
            GrowingSet.Fit fit = set.fit(offer.places()).orElse(null);
            if (fit != null && (best == null || fit.shared() > best.shared())) {
                best = fit;
            }
        }
        if (best != null) {
            return best;
        }
        GrowingSet fresh = GrowingSet.empty(++opened);
        sets.put(fresh.number(), fresh);
        return fresh.fit(offer.places()).orElseThrow();
    }

    /** Evaluated for one event after the other, as a {@code listen} does; never longer on a thread of others than any stage may be. */
    private Mono<Boolean> enough(GrowingSet set, Offer offer) {
        Expression condition = rule.condition();
        return condition == null
                ? Mono.just(false)
                : contents.apply(set)
                        .flatMap(values ->
                                evaluations.of(offer.organization()).of(() -> Condition.of(condition, values)))
                        .doOnNext(said -> tell(offer, said))
                        .map(Condition::holds);
    }

    /** Once for a batch: the next event may have the same to say. */
    private void tell(Offer offer, Condition said) {
        if (said.reason() != null && !failed) {
            failed = true;
            LOG.warn(
                    "The condition of 'until' of {} failed, and so does not hold",
                    offer.workflow().path());
        }
    }

    @Override
    public Gathering gathering() {
        return gathering;
    }

    @Override
    public Links links() {
        return rule.links();
    }

    @Override
    public long opened() {
        return opened;
    }

    @Override
    public List<GrowingSet> changed() {
        return sets.values().stream().filter(GrowingSet::changed).toList();
    }

    @Override
    public List<GrowingSet> completed() {
        return sets.values().stream().filter(GrowingSet::ended).toList();
    }

    @Override
    public int filled() {
        return filled;
    }
}
