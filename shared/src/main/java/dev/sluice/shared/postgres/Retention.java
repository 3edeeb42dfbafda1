package dev.sluice.shared.postgres;

import dev.sluice.shared.background.Recurring;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Deletes rows that have outlived their time: once a minute, rule after rule, in batches of {@value #BATCH}, at most
 * {@value #BATCHES} of them per rule and turn. Each batch is a transaction of its own. A rule that fails is logged and
 * tried again in the next turn. Any number of processes may do so at once. Thread-safe.
 */
public final class Retention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** A batch that takes longer hangs on a connection that is gone; the server ends a statement long before. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int BATCH = 5_000;
    private static final int BATCHES = 100;

    /**
     * What is deleted, said by the feature that owns it.
     *
     * @param name shown in logs
     * @param sql  deletes at most {@code $1} (int) rows whose time is over, skipping locked ones, and selects how many
     * @param keep how long rows are kept, bound as {@code $2} (seconds) unless the rule itself says it
     * @param most rows in one batch, fewer than usual where others go with each
     */
    public record Rule(String name, String sql, @Nullable Duration keep, int most) {

        /** A rule that says itself how long rows are kept. */
        public Rule(String name, String sql) {
            this(name, sql, null);
        }

        /** A rule of batches of the usual size. */
        public Rule(String name, String sql, @Nullable Duration keep) {
            this(name, sql, keep, BATCH);
        }

        Statement bind(Connection connection, int batch) {
            Statement statement = connection.createStatement(sql).bind(0, batch);
            return keep == null ? statement : statement.bind(1, keep.toSeconds());
        }
    }

    private final ConnectionPool pool;
    private final List<Rule> rules;
    private final int batch;
    private final Disposable turns;

    /** Begins, with the first turn in a minute. */
    public Retention(ConnectionPool pool, List<Rule> rules) {
        this(pool, rules, BATCH, Schedulers.parallel());
    }

    Retention(ConnectionPool pool, List<Rule> rules, int batch, Scheduler scheduler) {
        this.pool = pool;
        this.rules = List.copyOf(rules);
        this.batch = batch;
        this.turns = Recurring.every(PERIOD, scheduler)
                .start(this::sweep, error -> LOG.warn("Retention failed: {}", error.toString()));
    }

    /** One turn now; emits how many rows went, and never an error. Cancelling ends it after the batch under way. */
    public Mono<Long> sweep() {
        return Flux.fromIterable(rules).concatMap(this::apply).reduce(0L, Long::sum);
    }

    /** Ends the turn under way too. */
    @Override
    public void close() {
        turns.dispose();
    }

    private Mono<Long> apply(Rule rule) {
        return delete(rule)
                .repeat(BATCHES - 1L)
                .takeUntil(deleted -> deleted < batch(rule))
                .reduce(0L, Long::sum)
                .doOnNext(deleted -> LOG.debug("Retention of {}: {} rows deleted", rule.name(), deleted))
                .onErrorResume(error -> failed(rule, error));
    }

    private int batch(Rule rule) {
        return Math.min(batch, rule.most());
    }

    private Mono<Long> delete(Rule rule) {
        return Mono.usingWhen(pool.create(), connection -> delete(connection, rule), Connection::close)
                .timeout(LIMIT);
    }

    private Mono<Long> delete(Connection connection, Rule rule) {
        return Flux.from(rule.bind(connection, batch(rule)).execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Long.class))))
                .reduce(0L, Long::sum);
    }

    /** Nothing is wrong with rows that stay a minute longer. */
    private static Mono<Long> failed(Rule rule, Throwable error) {
        LOG.warn("Retention of {} failed: {}", rule.name(), error.toString());
        return Mono.just(0L);
    }
}
