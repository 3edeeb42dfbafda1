package dev.sluice.gateway.deletion;

import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.deletion.ErasureStore.Certificate;
import dev.sluice.gateway.deletion.ErasureStore.Claim;
import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.gateway.executor.ExecutorClient.ErasureVerb;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.redis.OrganizationKeys;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Carries deletions out: a bounded step at a time, of the one that was left alone for longest. What comes next is in PostgreSQL, so
 * a step that was cut off anywhere is done again, and any gateway goes on. A gateway has the one it works at to itself for {@link
 * #LEASE}; should it take longer, two do the same, and one finds it done. Thread-safe.
 */
public final class Erasure implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A statement, and a request to an executor with one. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration LEASE = Duration.ofSeconds(30);

    /** After that the runs of a closed organization are looked at again. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** 64 MB of a table, read in their order. */
    private static final int PAGES = 8_192;

    private static final int MAX_ROWS = 1_000;

    private final ErasureStore store;
    private final TenantTransactions transactions;
    private final ExecutorClient executor;
    private final OrganizationKeys redis;
    private final Audit audit;
    private final OrganizationId platform;
    private final Disposable turns;

    /** Large rows take longer: a step that fails is tried with fewer. */
    private final AtomicInteger rows = new AtomicInteger(MAX_ROWS);

    /**
     * Begins to look for deletions, on connections of {@code sluice_api}.
     *
     * @param ready whether the tables are there
     */
    public Erasure(
            ConnectionPool api,
            ExecutorClient executor,
            OrganizationKeys redis,
            Audit audit,
            OrganizationId platform,
            BooleanSupplier ready) {
        this(api, executor, redis, audit, platform, ready, Schedulers.parallel());
    }

    Erasure(
            ConnectionPool api,
            ExecutorClient executor,
            OrganizationKeys redis,
            Audit audit,
            OrganizationId platform,
            BooleanSupplier ready,
            Scheduler scheduler) {
        this.store = new ErasureStore(api);
        this.transactions = new TenantTransactions(api);
        this.executor = executor;
        this.redis = redis;
        this.audit = audit;
        this.platform = platform;
        this.turns = Recurring.every(PERIOD, scheduler)
                .within(LIMIT)
                .startGreedily(() -> ready.getAsBoolean() ? turn() : Mono.just(false), Erasure::failed);
    }

    @Override
    public void dispose() {
        turns.dispose();
    }

    /** One step of one; whether there is more to do at once. A closed organization, and a new round, may wait for the next turn. */
    Mono<Boolean> turn() {
        return store.claim(LEASE, PAUSE).flatMap(found -> found.map(this::step).orElseGet(() -> Mono.just(false)));
    }

    private Mono<Boolean> step(Claim claim) {
        return switch (claim.phase()) {
            case WAITING -> hold(claim).thenReturn(false);
            case REOPENING ->
                executor.erasure(claim.organization(), ErasureVerb.RELEASE)
                        .then(store.reopen(claim.organization()))
                        .thenReturn(true);
            case GATEWAY -> adapted(gateway(claim).thenReturn(true));
            case EXECUTOR -> adapted(executors(claim));
            case REDIS ->
                redis.forget(claim.organization())
                        .then(store.endStep(claim, Phase.SETTLED, false, null))
                        .thenReturn(true);
            case SETTLED -> settle(claim).thenReturn(true);
        };
    }

    private Mono<Void> hold(Claim claim) {
        return executor.erasure(claim.organization(), ErasureVerb.HOLD)
                .then(store.endStep(claim, Phase.WAITING, false, null));
    }

    private Mono<Void> gateway(Claim claim) {
        return store.erase(claim.organization(), PAGES, rows.get()).flatMap(found -> {
            boolean walked = found.filter(ErasureStore.Walk::walked).isPresent();
            return store.endStep(claim, walked ? Phase.EXECUTOR : Phase.GATEWAY, false, null);
        });
    }

    private Mono<Boolean> executors(Claim claim) {
        return executor.erase(claim.organization(), rows.get()).flatMap(step -> {
            boolean finds = !step.clean() && (step.walked() || step.erased() > 0);
            Phase next = step.walked() ? (finds || claim.finds() ? Phase.GATEWAY : Phase.REDIS) : Phase.EXECUTOR;
            return store.endStep(claim, next, finds, step.counts()).thenReturn(next != Phase.GATEWAY);
        });
    }

    /** What refers to the organization all the same was written behind our back; it goes like the rest. */
    private Mono<Void> settle(Claim claim) {
        return executor.erasure(claim.organization(), ErasureVerb.FORGET)
                .then(transactions.inTenant(platform, connection -> finish(connection, claim.organization())))
                .onErrorResume(Erasure::isReferredTo, error -> store.endStep(claim, Phase.GATEWAY, false, null));
    }

    private Mono<Void> finish(Connection connection, OrganizationId organization) {
        return store.finish(connection, organization)
                .flatMap(found -> found.map(certificate -> certify(connection, organization, certificate))
                        .orElseGet(Mono::empty));
    }

    private Mono<Void> certify(Connection connection, OrganizationId organization, Certificate certificate) {
        OrganizationId parent = certificate.parent();
        OrganizationId chain = parent == null ? platform : parent;
        return TenantTransactions.goOnIn(connection, chain)
                .then(audit.recordByItself(
                        connection, chain, "organization.erase", "organization:" + organization, certificate.detail()))
                .doOnSuccess(done -> LOG.info("Organization {} is gone", organization));
    }

    private Mono<Boolean> adapted(Mono<Boolean> step) {
        return step.doOnError(error -> rows.updateAndGet(most -> Math.max(1, most / 8)))
                .doOnNext(more -> rows.updateAndGet(most -> Math.min(MAX_ROWS, most * 2)));
    }

    private static boolean isReferredTo(Throwable error) {
        return PostgresErrors.isForeignKeyViolation(error);
    }

    private static void failed(Throwable error) {
        LOG.warn("A step of a deletion failed, and is tried again: {}", error.toString());
    }
}
