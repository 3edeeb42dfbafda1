package dev.sluice.gateway.quota;

import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Counts what organizations use, and refuses what goes beyond their plan with {@code QUOTA_EXCEEDED}. Most is decided in memory, by
 * what this gateway was granted ahead; for the last of an allowance, and for who comes first, a gateway asks PostgreSQL, for all who
 * wait together. Thread-safe, does not block but for {@link #close}.
 */
public final class Quotas implements AutoCloseable {

    /** Forgets what nobody looks at any more: reports after a day, leases after a week, and after 400 days what was used. */
    public static final Retention.Rule RETENTION = new Retention.Rule("usage", "select identity.forget_usage($1)");

    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration CLOSING = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Turns that others may have been faster in. */
    private static final int MOST_TURNS = 20;

    private final Leases leases;
    private final Ledger ledger;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<Metered, Counter> counted;
    private final Map<Metered, Counter> refused;
    private final Map<Metered, Counter> waited;

    /** Begins, on connections of {@code sluice_api}. */
    public Quotas(ConnectionPool api, QuotaSettings settings, MeterRegistry meters, Clock clock) {
        this(new LeaseStore(api), settings, meters, clock);
    }

    private Quotas(LeaseStore store, QuotaSettings settings, MeterRegistry meters, Clock clock) {
        this.clock = clock;
        this.nanoTime = System::nanoTime;
        this.leases = new Leases(settings.maxOrganizations(), clock);
        this.counted = QuotaMeter.COUNTED.registerEach(meters);
        this.refused = QuotaMeter.REFUSED.registerEach(meters);
        this.waited = QuotaMeter.WAITED.registerEach(meters);
        this.ledger = new Ledger(
                leases, store::settle, QuotaMeter.UNSETTLED.register(meters), nanoTime, Schedulers.parallel());
        meters.gauge("sluice.quota.leases", leases, Leases::size);
    }

    /**
     * Does something that counts as one, and is used with it, unless it gives its permit back.
     *
     * @param response gets the {@code RateLimit} fields of what bounds it
     * @return what the work returns; {@code QUOTA_EXCEEDED} when nothing is left, {@code UNAVAILABLE} when that cannot be said in
     *     six seconds. Cancelled while it waits it counts nothing
     */
    public <T> Mono<T> spend(
            OrganizationId organization, Metered kind, HttpHeaders response, Function<Permit, Mono<T>> work) {
        return Mono.defer(() -> attempt(organization, kind, response, work, 0));
    }

    /** Throws {@code QUOTA_EXCEEDED} if it is known that nothing is left, before anything is done for it. */
    public void requireLeft(OrganizationId organization, Metered kind, HttpHeaders response) {
        Lease lease = leases.find(organization, kind);
        if (lease != null && lease.isUsedUp(nanoTime.getAsLong())) {
            throw refuse(lease, response);
        }
    }

    /** Something has changed, perhaps a plan; quick, and does not fail. */
    public void changed(Change change) {
        if (change.type() == ChangeType.QUOTA_CHANGED) {
            ledger.changed(change.organization());
        } else if (change.type() == ChangeType.PLAN_CHANGED) {
            ledger.changedForAll();
        }
    }

    /** Gives back what was taken ahead; blocks for up to three seconds. Call it when nothing is counted any more. */
    @Override
    public void close() {
        try {
            ledger.giveBack().toFuture().get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("What was taken ahead of quotas could not be given back: {}", e.toString());
        }
    }

    private <T> Mono<T> attempt(
            OrganizationId organization,
            Metered kind,
            HttpHeaders response,
            Function<Permit, Mono<T>> work,
            int turns) {
        while (true) {
            Lease lease = leases.current(organization, kind);
            switch (lease.take(nanoTime.getAsLong())) {
                case YES -> {
                    return work.apply(taken(lease, response));
                }
                case NONE_LEFT -> {
                    return Mono.error(refuse(lease, response));
                }
                case WAIT -> {
                    return awaitTurn(lease, turns)
                            .then(Mono.defer(() -> attempt(organization, kind, response, work, turns + 1)));
                }
                case RETIRED -> leases.forget(lease);
            }
        }
    }

    private Permit taken(Lease lease, HttpHeaders response) {
        if (lease.isLow()) {
            ledger.hurry(lease);
        }
        QuotaHeaders.announce(lease, clock, response);
        count(counted, lease.kind());
        return new Permit(lease);
    }

    private Mono<Void> awaitTurn(Lease lease, int turns) {
        if (turns == 0) {
            count(waited, lease.kind());
        } else if (turns == MOST_TURNS) {
            return Mono.error(unanswered(null));
        }
        return Mono.using(
                        lease::await,
                        turn -> {
                            ledger.hurry(lease);
                            return Mono.fromFuture(turn, true);
                        },
                        turn -> lease.leave())
                .timeout(PATIENCE)
                .onErrorMap(error -> !(error instanceof SluiceException), Quotas::unanswered);
    }

    private SluiceException refuse(Lease lease, HttpHeaders response) {
        count(refused, lease.kind());
        QuotaHeaders.announce(lease, clock, response);
        return QuotaProblem.of(lease.kind(), lease.windows(), lease.spent(), lease.day(), clock.instant());
    }

    private static void count(Map<Metered, Counter> counters, Metered kind) {
        Objects.requireNonNull(counters.get(kind)).increment();
    }

    private static SluiceException unanswered(@Nullable Throwable cause) {
        return SluiceException.unavailable("It cannot be said right now what is left of your quota.", SOON, cause);
    }
}
