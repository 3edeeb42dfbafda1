package dev.sluice.gateway.change;

import dev.sluice.shared.background.Recurring;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
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
 *
 * <p>It looks in passes, each from some time before the one before it, since a change may come to light late. A pass reads {@link #PAGE}
 * changes at a time, one query after the other, and goes on where it was when one fails. While there are more than that, most passes go back
 * for {@link #BRIEF} only, and one in {@link #LONG_PERIOD} for all of {@link #OVERLAP}: a change whose transaction takes longer than
 * that is told as much later in such a time. What is remembered is the ids of the changes of that minute, up to
 * {@value #MOST_KNOWN}.
 */
public final class ChangeFollower implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);

    /** Between two passes. */
    static final Duration PERIOD = Duration.ofMillis(250);

    /** So much later than its transaction's begin a change may come to light: several statements of up to ten seconds. */
    static final Duration OVERLAP = Duration.ofSeconds(60);

    /** So much later nearly all of them do. */
    static final Duration BRIEF = Duration.ofSeconds(5);

    /** Between two passes that go back for all of the overlap, when that is more than a page. */
    static final Duration LONG_PERIOD = Duration.ofSeconds(10);

    static final int PAGE = 1000;

    /** So many changes are remembered to have been told; of a minute with more, some are told again and again while it lasts. */
    static final int MOST_KNOWN = 100_000;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Changes.Reading changes;
    private final Consumer<Change> told;
    private final int mostKnown;
    private final LongSupplier nanoTime;
    private final Disposable looking;
    private Set<UUID> known = new HashSet<>();
    private @Nullable Pass pass;
    private boolean many;
    private long begunNanos;
    private long longBegunNanos;

    /** Begins to look, on connections of {@code sluice_api}; {@code told} is quick and does not fail. */
    public static ChangeFollower of(ConnectionPool api, Consumer<Change> told) {
        return new ChangeFollower(
                new Changes().reading(api), told, MOST_KNOWN, System::nanoTime, Schedulers.parallel());
    }

    /**
     * Begins to look.
     *
     * @param told      of each; quick, and no failure
     * @param mostKnown so many are remembered to have been told
     * @param nanoTime  monotonic
     */
    ChangeFollower(
            Changes.Reading changes, Consumer<Change> told, int mostKnown, LongSupplier nanoTime, Scheduler scheduler) {
        this.changes = changes;
        this.mostKnown = mostKnown;
        this.told = told;
        this.nanoTime = nanoTime;
        this.begunNanos = nanoTime.getAsLong();
        this.longBegunNanos = begunNanos;
        this.looking =
                Recurring.every(PERIOD, scheduler).within(LIMIT).startGreedily(this::look, ChangeFollower::failed);
    }

    /** One look back over all that there is since a moment. */
    private static final class Pass {

        private final boolean isLong;
        private final long begunNanos;
        private final long sinceNanos;
        private final Set<UUID> found = new HashSet<>();
        private Changes.@Nullable Place place;
        private int pages;

        Pass(boolean isLong, long begunNanos, long sinceNanos) {
            this.isLong = isLong;
            this.begunNanos = begunNanos;
            this.sinceNanos = sinceNanos;
        }
    }

    @Override
    public void dispose() {
        looking.dispose();
    }

    /** Turns come one after the other, so what is remembered needs no lock. Whether the pass goes on. */
    private Mono<Boolean> look() {
        return Mono.defer(() -> {
            Pass current = pass == null ? begin() : pass;
            pass = current;
            Duration age = Duration.ofNanos(nanoTime.getAsLong() - current.sinceNanos);
            return changes.next(age, current.place, PAGE).map(found -> seen(current, found));
        });
    }

    private Pass begin() {
        long now = nanoTime.getAsLong();
        boolean isLong = !many || now - longBegunNanos >= LONG_PERIOD.toNanos();
        return new Pass(isLong, now, isLong ? longBegunNanos - OVERLAP.toNanos() : begunNanos - BRIEF.toNanos());
    }

    private boolean seen(Pass current, List<Changes.Found> found) {
        found.forEach(each -> tellNew(current, each));
        current.pages++;
        boolean more = found.size() == PAGE;
        if (more) {
            current.place = found.getLast().place();
        } else {
            end(current);
        }
        return more;
    }

    private void tellNew(Pass current, Changes.Found found) {
        UUID id = found.place().id();
        boolean isNew = !current.found.contains(id) && !known.contains(id);
        remember(current.found, id);
        if (isNew) {
            found.change().ifPresent(told);
        }
    }

    private void remember(Set<UUID> ids, UUID id) {
        if (ids.size() < mostKnown) {
            ids.add(id);
        }
    }

    /** Only a long pass has found all that the next ones may find again. */
    private void end(Pass current) {
        if (current.isLong) {
            known = current.found;
            many = current.pages > 1;
            longBegunNanos = current.begunNanos;
        } else {
            current.found.forEach(id -> remember(known, id));
        }
        begunNanos = current.begunNanos;
        pass = null;
    }

    private static void failed(Throwable error) {
        LOG.debug("What changed could not be looked for: {}", error.toString());
    }
}
