package dev.sluice.gateway.audit;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.background.Recurring;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Meters of the outbox that {@link DomainEvents} tells from: {@code sluice.changes.waiting}, how many changes are in it, counted up to
 * {@value #MOST}, and {@code sluice.changes.age}, for how many seconds the first of them has been. It has no bound of its own: while Redis is away it gets a
 * small row with each change, beside the entry of the audit log, which is larger and stays. Neither is known while PostgreSQL is away. A
 * change that waits for {@link #LONG} is in the log too. Thread-safe.
 */
public final class UntoldChanges implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(UntoldChanges.class);

    static final int MOST = 100_000;
    static final Duration PERIOD = Duration.ofSeconds(10);
    static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String UNTOLD = "select waiting, since from audit.untold($1)";

    private final ConnectionPool api;
    private final Clock clock;
    private final Disposable looking;
    private volatile @Nullable Untold last;
    private boolean late;

    /** What there is at a look; {@code since} is null for nothing. */
    private record Untold(long waiting, @Nullable Instant since) {}

    /** Begins to look, on connections of {@code sluice_api}. */
    public UntoldChanges(ConnectionPool api, MeterRegistry registry, Clock clock) {
        this(api, registry, clock, Schedulers.parallel());
    }

    UntoldChanges(ConnectionPool api, MeterRegistry registry, Clock clock, Scheduler scheduler) {
        this.api = api;
        this.clock = clock;
        Gauge.builder("sluice.changes.waiting", this, UntoldChanges::waiting)
                .description("Changes that are not told on the stream of changes yet")
                .register(registry);
        Gauge.builder("sluice.changes.age", this, UntoldChanges::ageSeconds)
                .description("Since the first of them was made")
                .baseUnit("seconds")
                .register(registry);
        this.looking = Recurring.every(PERIOD, scheduler).within(LIMIT).start(this::look, this::failed);
    }

    @Override
    public void dispose() {
        looking.dispose();
    }

    private Mono<Untold> look() {
        return Rows.alone(
                        api,
                        connection -> Rows.all(
                                        connection.createStatement(UNTOLD).bind(0, MOST), UntoldChanges::untold)
                                .single())
                .doOnNext(this::seen);
    }

    private static Untold untold(Row row) {
        return new Untold(Columns.required(row, "waiting", Long.class), row.get("since", Instant.class));
    }

    /** Looks come one after the other. */
    private void seen(Untold untold) {
        last = untold;
        boolean former = late;
        late = ageSeconds(untold) >= LONG.toSeconds();
        if (late && !former) {
            LOG.warn("Changes wait to be told: {}, the first since {}", untold.waiting(), untold.since());
        }
    }

    private void failed(Throwable error) {
        last = null;
        LOG.debug("Changes that wait could not be counted: {}", error.toString());
    }

    private double waiting() {
        Untold known = last;
        return known == null ? Double.NaN : known.waiting();
    }

    private double ageSeconds() {
        Untold known = last;
        return known == null ? Double.NaN : ageSeconds(known);
    }

    private double ageSeconds(Untold untold) {
        Instant since = untold.since();
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3);
    }
}
