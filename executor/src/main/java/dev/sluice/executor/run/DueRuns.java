package dev.sluice.executor.run;

import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Takes runs nobody owns and that are due: those whose wait is over, those a dead node left, and those that found no room
 * when they were created. Also ends and suspends owned runs of which another node was asked for that. Takes only what there
 * are permits for, divided between the organizations by weight; the rest stays in the database. Gives back what it owns and
 * does not have.
 */
public final class DueRuns implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(DueRuns.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration STRAYS = Duration.ofSeconds(15);

    /**
     * Between two looks while all permits are out and runs wait for the next that comes back: to look for each alone is three
     * statements and a commit, which everybody else waits for too.
     */
    private static final Duration APART = Duration.ofMillis(25);

    /** A turn that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int BATCH = 200;

    private final ClaimStore claims;
    private final Turns turns;
    private final RunPool pool;
    private final ToIntFunction<OrganizationId> weights;
    private final int maxTries;
    private final NodeLease lease;
    private final Scheduler scheduler;
    private final Set<ClaimStore.Claim> suspects = ConcurrentHashMap.newKeySet();
    private final Sinks.Many<Long> nudges = Sinks.many().multicast().directBestEffort();
    private final Disposable.Composite ticking = Disposables.composite();

    /**
     * A node's look at what is due.
     *
     * @param weights  of an organization, when permits are scarce
     * @param maxTries how often a run is taken whose journal does not grow; then it is suspended
     */
    DueRuns(
            ClaimStore claims,
            DueStore due,
            RunPool pool,
            ToIntFunction<OrganizationId> weights,
            int maxTries,
            NodeLease lease,
            Scheduler scheduler) {
        this.claims = claims;
        this.turns = new Turns(due);
        this.pool = pool;
        this.weights = weights;
        this.maxTries = maxTries;
        this.lease = lease;
        this.scheduler = scheduler;
    }

    /** Starts to look; goes on until disposed, whatever fails. */
    public void start() {
        // A claim goes on as long as there is something to take; its turns are bounded one by one.
        ticking.add(every(INTERVAL)
                .orOn(nudges.asFlux())
                .apart(APART)
                .startGreedily(() -> Mono.justOrEmpty(lease.current()).flatMap(this::claim), DueRuns::failed));
        ticking.add(always(every(INTERVAL).within(LIMIT), this::obey));
        ticking.add(always(every(INTERVAL.multipliedBy(2)).orOn(nudges.asFlux()).within(LIMIT), this::ring));
        ticking.add(always(every(STRAYS).within(LIMIT), this::releaseStrays));
    }

    /** Looks at once, since there may be something: whoever calls woke runs that wait. */
    void nudge() {
        // Nobody hears it while a look is under way or none has started: the next one comes soon.
        Sinks.EmitResult heard = nudges.tryEmitNext(0L);
        LOG.trace("Nudged: {}", heard);
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private Recurring every(Duration period) {
        return Recurring.every(period, scheduler);
    }

    private Disposable always(Recurring recurring, Function<Incarnation, Mono<Void>> work) {
        return recurring.start(() -> Mono.justOrEmpty(lease.current()).flatMap(work), DueRuns::failed);
    }

    /** Takes batches as long as they come back full, and says whether there may be more. */
    private Mono<Boolean> claim(Incarnation owner) {
        return Mono.defer(() ->
                        pool.permits().free() == 0 ? Mono.just(0) : turn(owner).timeout(LIMIT))
                .repeat(BATCH)
                .takeUntil(taken -> taken < BATCH)
                .last(0)
                .map(taken -> taken > 0);
    }

    private Mono<Integer> turn(Incarnation owner) {
        return turns.due()
                .map(this::wishes)
                .filter(wishes -> !wishes.isEmpty())
                .flatMap(wishes -> Mono.using(() -> pool.reserveBatch(BATCH), permits -> claim(owner, permits, wishes)))
                .defaultIfEmpty(0);
    }

    private List<FairSplit.Wish> wishes(Map<OrganizationId, Integer> due) {
        List<FairSplit.Wish> wishes = due.entrySet().stream()
                .map(entry -> new FairSplit.Wish(
                        entry.getKey(),
                        weights.applyAsInt(entry.getKey()),
                        Math.min(entry.getValue(), pool.permits().room(entry.getKey()))))
                .filter(wish -> wish.most() > 0)
                .toList();
        return turns.inTurn(wishes, FairSplit.Wish::organization);
    }

    private Mono<Integer> claim(Incarnation owner, Reservation permits, List<FairSplit.Wish> wishes) {
        Map<OrganizationId, Integer> shares = new LinkedHashMap<>();
        FairSplit.of(permits.size(), wishes).forEach((organization, wanted) -> {
            turns.served(organization);
            int given = permits.assign(organization, wanted);
            if (given > 0) {
                shares.put(organization, given);
            }
        });
        return shares.isEmpty() ? Mono.just(0) : claim(owner, permits, shares);
    }

    private Mono<Integer> claim(Incarnation owner, Reservation permits, Map<OrganizationId, Integer> shares) {
        return claims.claim(owner.id(), owner.known(), owner.format(), shares, maxTries)
                .doOnNext(taken ->
                        taken.suspended().forEach(run -> LOG.error("Run {} is suspended: it was taken too often", run)))
                .doOnNext(taken -> taken.runs().forEach(run -> permits.begin(run, owner)))
                .map(taken -> taken.runs().size() + taken.suspended().size());
    }

    private Mono<Void> obey(Incarnation owner) {
        return claims.wanted(owner.id())
                .doOnNext(wanted -> {
                    if (wanted.cancel()) {
                        pool.cancel(wanted.runId());
                    } else {
                        pool.suspend(wanted.runId());
                    }
                })
                .then();
    }

    /** Those in memory look themselves. */
    private Mono<Void> ring(Incarnation owner) {
        return claims.withNews(owner.id()).doOnNext(pool::ring).then();
    }

    /**
     * Gives back what the database says is this node's and is not here, twice in a row: a run whose creation was committed
     * although its caller was told that it is unknown.
     */
    private Mono<Void> releaseStrays(Incarnation owner) {
        return claims.owned(owner.id())
                .filter(claim -> !pool.holds(claim))
                .collect(Collectors.toSet())
                .flatMap(strays -> {
                    Set<ClaimStore.Claim> confirmed = new HashSet<>(strays);
                    confirmed.retainAll(suspects);
                    suspects.clear();
                    suspects.addAll(strays);
                    return Flux.fromIterable(confirmed)
                            .doOnNext(
                                    claim -> LOG.warn("Run {} is owned and not here; it is given back", claim.runId()))
                            .concatMap(claim -> claims.giveBack(claim, owner.id()))
                            .then();
                });
    }

    private static void failed(Throwable error) {
        LOG.warn("Due runs could not be looked for: {}", error.getMessage());
    }
}
