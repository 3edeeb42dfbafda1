package dev.sluice.gateway.ingress;

import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps partitions of the event table ahead of time: at start, then once an hour while the gateway runs. An attempt that
 * fails, also since the table is busy, loses nothing: the next one makes up for it long before the partitions are needed,
 * and until then the default partition takes what has no other.
 */
public final class EventPartitions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPartitions.class);

    /** A look that takes longer hangs on a connection that is gone; the server ends a statement long before. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration PERIOD = Duration.ofHours(1);

    private final IngressStore store = new IngressStore();
    private final ConnectionPool api;
    private final int monthsAhead;
    private final Disposable upkeep;

    /** Begins the upkeep, the first time after an hour. */
    public EventPartitions(ConnectionPool api, int monthsAhead) {
        this(api, monthsAhead, PERIOD);
    }

    EventPartitions(ConnectionPool api, int monthsAhead, Duration period) {
        this.api = api;
        this.monthsAhead = monthsAhead;
        this.upkeep = Recurring.every(period, Schedulers.parallel()).start(this::create, EventPartitions::failed);
    }

    /** Forgets which deliveries came, after a week: senders do not repeat one that late. */
    public static Retention.Rule retention() {
        return IngressStore.RETENTION;
    }

    /** Forgets events that have no partition to go with, so long after they came and once they are received. */
    public static Retention.Rule retention(Duration keep) {
        return new Retention.Rule("events without a partition", IngressStore.FORGET_UNPARTITIONED, keep);
    }

    /** Forgets received events that organizations keep for less time than that, and that holds keep from going by themselves. */
    public static Retention.Rule retentionByOrganization(Duration keep) {
        return new Retention.Rule("events by organization", IngressStore.FORGET_EVENTS, keep);
    }

    /** Drops months of events, so long after the last of them came and once all are received. */
    public static PartitionRetention dropping(ConnectionPool api, Duration keep) {
        return new PartitionRetention(api, IngressStore.DROP_PARTITION, keep);
    }

    /** Creates what is missing and gives how many partitions are new; zero, and a line in the log, when that fails. */
    public Mono<Integer> create() {
        return store.createPartitions(api, monthsAhead)
                .timeout(LIMIT)
                .doOnError(EventPartitions::failed)
                .onErrorReturn(0);
    }

    @Override
    public void close() {
        upkeep.dispose();
    }

    private static void failed(Throwable error) {
        LOG.atWarn().setCause(error).log("partitions of events could not be created");
    }
}
