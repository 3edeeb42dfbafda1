package dev.sluice.shared.postgres;

import dev.sluice.shared.pressure.Bound;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Turns many small appends into few multi-row statements: what arrives while a lane writes becomes its next batch. Each
 * caller's Mono completes after the commit that holds its own row. Thread-safe and without locks.
 *
 * <ul>
 *   <li>Lanes write side by side; within a lane one write is in flight, so its items commit in the order they came.
 *   <li>Items of more than {@value #LARGE} bytes have one more lane for themselves, so that no small one waits behind them.
 *       There is no order between large and small ones.
 *   <li>When the server refuses a row, its batch is halved until the row is alone: its caller gets the error, the rest
 *       are stored.
 *   <li>When the connection breaks, the outcome is read back before anyone is answered. A row that is not there, or an
 *       outcome that cannot be learnt in time, becomes UNAVAILABLE. A server that lost its client may still commit a
 *       moment later, so UNAVAILABLE never says that the row will not be there.
 *   <li>Cancelling before the write takes the item out; later it changes nothing.
 *   <li>A full or closed lane answers UNAVAILABLE with Retry-After at once.
 * </ul>
 *
 * @param <T> what is appended
 * @param <R> what its caller gets
 */
public final class GroupCommit<T, R> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final long LARGE = 1L << 20;

    /**
     * How a batch gets to the database. Errors should be the driver's own or {@link PostgresErrors#translate}d ones. A
     * {@code SluiceException} without a cause is passed to all callers of the batch as it is.
     */
    public interface Flush<T, R> {
        /** One statement or transaction that stores all items or none; results in the order of the batch. */
        Mono<List<R>> write(List<T> batch);

        /** About how many bytes an item's values have, for the bounds; the same each time it is asked. */
        long bytes(T item);

        /** Which items are stored, after a connection broke; in the order of the batch, empty for those that are not. */
        Mono<List<Optional<R>>> readBack(List<T> batch);
    }

    private final String name;
    private final GroupCommitSettings settings;
    private final Flush<T, R> flush;
    private final ToIntFunction<T> laneOf;
    private final GroupCommitMeters meters;
    private final List<CommitLane<T, R>> lanes;
    private final CountDownLatch open;

    /**
     * A group commit of its own queue and lanes.
     *
     * @param lane any number; small items of equal ones share a lane and so keep their order
     * @param name tags the meters
     */
    public GroupCommit(
            GroupCommitSettings settings,
            Flush<T, R> flush,
            ToIntFunction<T> lane,
            MeterRegistry registry,
            String name) {
        this(settings, flush, lane, registry, name, Schedulers.parallel());
    }

    GroupCommit(
            GroupCommitSettings settings,
            Flush<T, R> flush,
            ToIntFunction<T> lane,
            MeterRegistry registry,
            String name,
            Scheduler scheduler) {
        this.name = name;
        this.settings = settings;
        this.flush = flush;
        this.laneOf = lane;
        this.open = new CountDownLatch(settings.lanes() + 1);
        this.meters = new GroupCommitMeters(registry, name);
        var settlement = new BatchSettlement<>(name, settings, flush, meters, scheduler);
        this.lanes = IntStream.rangeClosed(0, settings.lanes())
                .mapToObj(index -> new CommitLane<>(settings, flush::bytes, settlement, scheduler, open::countDown))
                .toList();
        meters.depth(name, this::depth);
    }

    /** Appends the item once per subscription; completes with its result after it was committed. */
    public Mono<R> submit(T item) {
        return Mono.create(caller -> {
            if (!lanes.get(lane(item)).submit(item, caller)) {
                meters.rejected();
            }
        });
    }

    /**
     * Refuses new items and blocks until those that wait are written, at most the close timeout; then the rest get
     * UNAVAILABLE. Call it while stopping, never from an event loop. The second call does nothing.
     */
    @Override
    public void close() {
        lanes.forEach(CommitLane::close);
        if (!awaitLanes()) {
            LOG.warn("Group commit {}: {} items were not written before the stop", name, depth());
            lanes.forEach(CommitLane::abandon);
        }
    }

    /** The last lane is that of the large ones. */
    private int lane(T item) {
        return flush.bytes(item) > LARGE ? settings.lanes() : Math.floorMod(laneOf.applyAsInt(item), settings.lanes());
    }

    /** How many of the places where items wait are taken, over all lanes. */
    public Bound bound() {
        return Bound.refusing("commit." + name, (long) lanes.size() * settings.maxQueued(), depth());
    }

    private int depth() {
        return lanes.stream().mapToInt(CommitLane::depth).sum();
    }

    private boolean awaitLanes() {
        try {
            return open.await(settings.closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
