package dev.sluice.gateway.change;

import dev.sluice.shared.background.Recurring;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tells a node what changed, wherever it was changed: within {@link #PERIOD} and a query. It asks PostgreSQL, which no change
 * can be made without, and remembers nothing that matters: a change may be told again, and after an outage everything since
 * before it is told.
 */
public final class ChangeFollower implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);

    /** Between two looks. */
    static final Duration PERIOD = Duration.ofMillis(250);

    /** So much later than its transaction's begin a change may come to light: several statements of up to ten seconds. */
    static final Duration OVERLAP = Duration.ofSeconds(60);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Function<Duration, Mono<List<Changes.Found>>> recent;
    private final Consumer<Change> told;
    private final LongSupplier nanoTime;
    private final Set<UUID> known = new HashSet<>();
    private final Disposable looking;
    private long lookedAtNanos;

    /** Begins to look, on connections of {@code sluice_api}; {@code told} is quick and does not fail. */
    public static ChangeFollower of(ConnectionPool api, Consumer<Change> told) {
        Changes changes = new Changes();
        return new ChangeFollower(age -> changes.recent(api, age), told, System::nanoTime, Schedulers.parallel());
    }

    /**
     * Begins to look.
     *
     * @param recent   the changes of the last so long
     * @param told     of each; quick, and no failure
     * @param nanoTime monotonic
     */
    ChangeFollower(
            Function<Duration, Mono<List<Changes.Found>>> recent,
            Consumer<Change> told,
            LongSupplier nanoTime,
            Scheduler scheduler) {
        this.recent = recent;
        this.told = told;
        this.nanoTime = nanoTime;
        this.lookedAtNanos = nanoTime.getAsLong();
        this.looking = Recurring.every(PERIOD, scheduler).within(LIMIT).start(this::look, ChangeFollower::failed);
    }

    @Override
    public void dispose() {
        looking.dispose();
    }

    /** Turns come one after the other, so what is remembered needs no lock. */
    private Mono<Void> look() {
        return Mono.defer(() -> {
            long now = nanoTime.getAsLong();
            Duration age = Duration.ofNanos(now - lookedAtNanos).plus(OVERLAP);
            return recent.apply(age).doOnNext(found -> seen(found, now)).then();
        });
    }

    private void seen(List<Changes.Found> found, long now) {
        found.stream()
                .filter(change -> !known.contains(change.id()))
                .forEach(change -> change.change().ifPresent(told));
        known.clear();
        found.forEach(change -> known.add(change.id()));
        lookedAtNanos = now;
    }

    private static void failed(Throwable error) {
        LOG.debug("What changed could not be looked for: {}", error.toString());
    }
}
