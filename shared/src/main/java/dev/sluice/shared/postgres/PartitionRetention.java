package dev.sluice.shared.postgres;

import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Drops partitions that have outlived their time, one after the other, each in a transaction of its own: a minute after
 * the start and then once an hour. While a table is busy a drop gives up at once and is tried again, {@value #ATTEMPTS}
 * times in a turn; what is left is for the next turn. Any number of processes may do so at once. Thread-safe.
 */
public final class PartitionRetention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionRetention.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 20;

    /** A drop that takes longer hangs on a connection that is gone; the server ends a statement long before. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** More than there are days of history; a turn ends all the same should the database never run out of partitions. */
    private static final int MAX_DROPS = 10_000;

    private final ConnectionPool pool;
    private final String sql;
    private final Duration keep;
    private final Disposable turns;

    /**
     * Begins, with the first turn in a minute.
     *
     * @param sql  drops one partition that is older than {@code $1} (seconds) and selects its name, null when there is none
     * @param keep how long rows are kept at least
     */
    public PartitionRetention(ConnectionPool pool, String sql, Duration keep) {
        this(pool, sql, keep, Schedulers.parallel());
    }

    PartitionRetention(ConnectionPool pool, String sql, Duration keep, Scheduler scheduler) {
        this.pool = pool;
        this.sql = sql;
        this.keep = keep;
        this.turns = Recurring.every(FIRST, PERIOD, scheduler).start(this::sweep, PartitionRetention::failed);
    }

    /** One turn now; emits how many partitions went, and never an error. Cancelling ends it after the drop under way. */
    public Mono<Long> sweep() {
        return Mono.defer(this::drop)
                .repeat(MAX_DROPS)
                .takeWhile(dropped -> dropped)
                .count()
                .doOnError(PartitionRetention::failed)
                .onErrorReturn(0L);
    }

    /** Ends the turn under way too. */
    @Override
    public void close() {
        turns.dispose();
    }

    /** Whether there was one to drop. */
    private Mono<Boolean> drop() {
        return Mono.usingWhen(pool.create(), this::drop, Connection::close)
                .onErrorMap(PostgresErrors::translate)
                .timeout(LIMIT)
                .retryWhen(Retry.backoff(ATTEMPTS - 1L, FIRST_BACKOFF)
                        .maxBackoff(LAST_BACKOFF)
                        .filter(PartitionRetention::busy));
    }

    private Mono<Boolean> drop(Connection connection) {
        return Flux.from(connection
                        .createStatement(sql)
                        .bind(0, keep.toSeconds())
                        .execute())
                .concatMap(result -> result.map(row -> told(row.get(0, String.class))))
                .single();
    }

    private static boolean told(@Nullable String partition) {
        if (partition != null) {
            LOG.info("Dropped partition {}, whose time is over", partition);
        }
        return partition != null;
    }

    private static boolean busy(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }

    /** Nothing is wrong with rows that stay an hour longer. */
    private static void failed(Throwable error) {
        LOG.warn("Partitions whose time is over were not dropped: {}", error.toString());
    }
}
