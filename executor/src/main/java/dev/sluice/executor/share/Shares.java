package dev.sluice.executor.share;

import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The shares of all organizations, as they were a few seconds ago: asked often, without a round trip. While the database
 * is away the last ones hold. At most {@value #MAX} are known; an organization beyond has the default. Thread-safe.
 */
public final class Shares implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Shares.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MAX = 100_000;

    private final ShareStore store;
    private final int defaultMaxRuns;
    private final Disposable.Swap refreshing = Disposables.swap();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(0, Map.of()));

    /**
     * Shares in the given database.
     *
     * @param defaultMaxRuns runs at once on one executor of an organization for which nothing was set
     */
    public Shares(TenantTransactions transactions, ConnectionPool engine, int defaultMaxRuns) {
        if (defaultMaxRuns < 1) {
            throw new IllegalArgumentException("defaultMaxRuns: " + defaultMaxRuns + " (expected: > 0)");
        }
        this.store = new ShareStore(transactions, engine);
        this.defaultMaxRuns = defaultMaxRuns;
    }

    /** What a look found; a later one may be over sooner. */
    private record Known(long look, Map<OrganizationId, Share> shares) {}

    /** Starts to look; goes on until disposed, whatever fails. */
    public void start(Scheduler scheduler) {
        refreshing.update(Recurring.every(Duration.ZERO, INTERVAL, scheduler)
                .within(LIMIT)
                .start(this::refresh, Shares::failed));
    }

    @Override
    public void dispose() {
        refreshing.dispose();
    }

    /** Runs of an organization that one executor may have in memory. */
    public int maxRuns(OrganizationId organization) {
        return maxRuns(share(organization));
    }

    /** The same, of one for which nothing was set. */
    public int defaultMaxRuns() {
        return defaultMaxRuns;
    }

    /** Its part of what is scarce. */
    public int weight(OrganizationId organization) {
        return share(organization).weight();
    }

    private Share share(OrganizationId organization) {
        return known.get().shares().getOrDefault(organization, Share.DEFAULT);
    }

    /** The paths of shares. */
    public RouterFunction<ServerResponse> routes() {
        return ShareRoutes.of(new ShareHandler(this));
    }

    /** The share as it is stored; {@link Share#DEFAULT} when nothing was set. */
    Mono<Share> find(OrganizationId organization) {
        return store.find(organization).defaultIfEmpty(Share.DEFAULT);
    }

    /** Sets a share; here it holds at once, on other executors within seconds. */
    Mono<Void> set(OrganizationId organization, Share share) {
        return store.set(organization, share).then(Mono.defer(this::refresh));
    }

    /** Back to the default. */
    Mono<Void> delete(OrganizationId organization) {
        return store.delete(organization).then(Mono.defer(this::refresh));
    }

    int maxRuns(Share share) {
        return share.maxRuns() == null ? defaultMaxRuns : share.maxRuns();
    }

    private Mono<Void> refresh() {
        return Mono.defer(() -> {
            long look = looks.incrementAndGet();
            return store.all(MAX)
                    .doOnNext(all -> {
                        Known found = new Known(look, Map.copyOf(all));
                        known.accumulateAndGet(found, (old, now) -> now.look() > old.look() ? now : old);
                    })
                    .then();
        });
    }

    private static void failed(Throwable error) {
        LOG.warn("The shares of organizations could not be read: {}", error.getMessage());
    }
}
