package dev.sluice.gateway.quota;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one gateway may use of one kind on one day without asking. It takes what it was granted; when that is used up, whoever
 * needs more waits for the next turn, in which all leases that need something are settled in one statement.
 *
 * <pre>
 *   0 ────────── spent ─────────── granted
 *     was used         ahead of need        beyond: wait, or refused while nothing was left
 * </pre>
 *
 * <p>What PostgreSQL has counted is {@code granted}, whatever of it is spent: a gateway that dies has used all of it, and telling
 * it again changes nothing. Where nothing bounds it, it is what was spent. Turns come one after the other; the rest is
 * thread-safe and lock-free.
 */
final class Lease {

    /** So much is asked for ahead of need by one that is new. */
    private static final long FIRST_AHEAD = 16;

    private static final long MOST_AHEAD = 10_000;

    /** Walks without a use after which what was taken ahead is given back: ten seconds, and at once where there is little. */
    private static final int IDLE_WALKS = 10;

    /** For so long nobody asks again after there was too little. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final long UNBOUNDED = Long.MAX_VALUE;
    private static final long UNKNOWN = -1;
    private static final Balance RETIRED = new Balance(0, 0);

    /** Compared by identity. */
    private record Balance(long granted, long spent) {

        /** What PostgreSQL is to count. */
        long counted() {
            return granted == UNBOUNDED ? spent : Math.max(granted, spent);
        }
    }

    /** What became of the wish for one. */
    enum Taken {
        YES,
        /** It is there after a turn, perhaps. */
        WAIT,
        /** There was nothing left a moment ago. */
        NONE_LEFT,
        /** This lease is used no more; there is another one. */
        RETIRED
    }

    /**
     * What a turn asks for.
     *
     * @param kept   that it has taken and goes on to have
     * @param spent  of those
     * @param needed beyond that, at once
     * @param ahead  beyond that, if there is plenty
     */
    record Ask(Lease lease, long kept, long spent, long needed, long ahead) {}

    private final UUID id;
    private final OrganizationId organization;
    private final Metered kind;
    private final LocalDate day;
    private final long endsAtMillis;
    private final AtomicReference<Balance> balance = new AtomicReference<>(new Balance(0, 0));
    private final AtomicReference<CompletableFuture<Void>> nextTurn = new AtomicReference<>(new CompletableFuture<>());
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean urgent = new AtomicBoolean();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean stale = new AtomicBoolean();
    private volatile long noneUntilNanos;
    private volatile boolean none;
    private volatile boolean scarce;
    private volatile long ahead = FIRST_AHEAD;
    private volatile List<Window> windows = List.of();

    // Of turns and walks, which come one after the other.
    private CompletableFuture<Void> thisTurn = new CompletableFuture<>();
    private long told;
    private long toldSpent;
    private long spentBefore;
    private int idleWalks;

    Lease(UUID id, OrganizationId organization, Metered kind, LocalDate day) {
        this.id = id;
        this.organization = organization;
        this.kind = kind;
        this.day = day;
        this.endsAtMillis = Period.DAY.end(day).toEpochMilli();
    }

    UUID id() {
        return id;
    }

    OrganizationId organization() {
        return organization;
    }

    Metered kind() {
        return kind;
    }

    LocalDate day() {
        return day;
    }

    /** Whether its day is over, or has not come yet by a clock that was put back. */
    boolean isOfAnotherDay(long nowMillis) {
        return nowMillis >= endsAtMillis
                || nowMillis < endsAtMillis - Duration.ofDays(1).toMillis();
    }

    /** Takes one if it is there. */
    @SuppressWarnings("ReferenceEquality") // the one value that stands for "there is another lease"
    Taken take(long nowNanos) {
        while (true) {
            Balance seen = balance.get();
            if (seen == RETIRED) {
                return Taken.RETIRED;
            }
            if (seen.spent >= seen.granted) {
                return isNoneLeft(nowNanos) ? Taken.NONE_LEFT : Taken.WAIT;
            }
            if (balance.compareAndSet(seen, new Balance(seen.granted, seen.spent + 1))) {
                return Taken.YES;
            }
        }
    }

    /** Whether it is known that a wish would be refused now. */
    boolean isUsedUp(long nowNanos) {
        Balance seen = balance.get();
        return seen.spent >= seen.granted && isNoneLeft(nowNanos);
    }

    /** One that was taken was not used. */
    @SuppressWarnings("ReferenceEquality") // after that nobody can say any more
    void giveBack() {
        Balance ignored =
                balance.updateAndGet(seen -> seen == RETIRED ? seen : new Balance(seen.granted, seen.spent - 1));
    }

    /** Whether more should be asked for before there is none. */
    boolean isLow() {
        Balance seen = balance.get();
        return seen.granted != UNBOUNDED && !scarce && seen.granted - seen.spent < ahead / 2;
    }

    /** Somebody waits, until {@link #leave}; completes after a turn that begins from now on, with its failure if it fails. */
    CompletableFuture<Void> await() {
        waiting.incrementAndGet();
        return nextTurn.get();
    }

    void leave() {
        waiting.decrementAndGet();
    }

    /** True for whoever is to put it in the queue of those that somebody waits for, once until its turn. */
    boolean hurry() {
        return urgent.compareAndSet(false, true);
    }

    /** The same for the queue of the others. */
    boolean enqueue() {
        return queued.compareAndSet(false, true);
    }

    /** Whether it is to have a turn: it has not had it by the other queue, and is in use, for what is told of it is all it has. */
    @SuppressWarnings("ReferenceEquality")
    boolean isDue() {
        return (urgent.get() || queued.get()) && balance.get() != RETIRED;
    }

    /** What bounds it means something else, or may: nothing is taken any more before it has been settled. */
    void changed() {
        changesSoon();
        none = false;
        scarce = false;
        Balance ignored = release();
    }

    /** The same, but until its turn it goes on as before. */
    void changesSoon() {
        stale.set(true);
    }

    /** What bounds it, and how much of it was used here. */
    List<Window> windows() {
        return windows;
    }

    long spent() {
        return balance.get().spent;
    }

    /**
     * Begins its turn, for which it was in the queue.
     *
     * @param last whether nothing is taken any more
     */
    Ask ask(boolean last) {
        urgent.set(false);
        queued.set(false);
        thisTurn = nextTurn.getAndSet(new CompletableFuture<>());
        boolean changed = stale.getAndSet(false);
        boolean gives = changed || last || isIdle();
        Balance now = gives ? release() : balance.get();
        long needed = last ? 0 : waiting.get();
        boolean asks = needed > 0 || (changed && !last) || (!gives && isLow());
        return new Ask(this, now.counted(), now.spent, needed, asks ? ahead : 0);
    }

    /** It was granted so many beyond what it kept. */
    void granted(Ask ask, long more, List<Window> bounds, long nowNanos) {
        settle(ask.kept + more);
        windows = bounds;
        noneUntilNanos = nowNanos + PAUSE.toNanos();
        none = more < ask.needed;
        scarce = more <= ask.needed;
        told = ask.kept + more;
        toldSpent = ask.spent;
        thisTurn.complete(null);
    }

    /** Nothing bounds it. */
    void unbounded(Ask ask) {
        settle(UNBOUNDED);
        windows = List.of();
        none = false;
        scarce = false;
        told = ask.kept;
        toldSpent = ask.spent;
        thisTurn.complete(null);
    }

    /** What it keeps is counted, and nothing else was asked for. */
    void told(Ask ask) {
        told = ask.kept;
        toldSpent = ask.spent;
        thisTurn.complete(null);
    }

    /** Nobody knows what became of it; it is told again. */
    void failed(Throwable error) {
        told = UNKNOWN;
        thisTurn.completeExceptionally(error);
    }

    /** A second has passed; true when there is something to tell. */
    boolean walk() {
        Balance now = balance.get();
        long used = now.spent - spentBefore;
        spentBefore = now.spent;
        idleWalks = used == 0 ? idleWalks + 1 : 0;
        ahead = Math.clamp(8 * used, FIRST_AHEAD, MOST_AHEAD);
        boolean gives = isIdle() && now.granted != UNBOUNDED && now.granted > now.spent;
        return gives || now.counted() != told || now.spent != toldSpent || stale.get();
    }

    private boolean isIdle() {
        return idleWalks > (scarce ? 1 : IDLE_WALKS);
    }

    /** Takes it out of use when nobody has used it for so many walks and nothing is left to tell; whether it is. */
    @SuppressWarnings("ReferenceEquality")
    boolean retire(int walks) {
        Balance now = balance.get();
        return now == RETIRED
                || (idleWalks > walks
                        && waiting.get() == 0
                        && now.counted() == told
                        && now.spent == toldSpent
                        && (now.granted == UNBOUNDED || now.granted == now.spent)
                        && balance.compareAndSet(now, RETIRED));
    }

    private boolean isNoneLeft(long nowNanos) {
        return none && nowNanos - noneUntilNanos < 0;
    }

    /** What is not spent is there for others. */
    @SuppressWarnings("ReferenceEquality")
    private Balance release() {
        return balance.updateAndGet(seen -> seen == RETIRED ? seen : new Balance(seen.spent, seen.spent));
    }

    @SuppressWarnings("ReferenceEquality")
    private void settle(long granted) {
        Balance ignored = balance.updateAndGet(seen -> seen == RETIRED ? seen : new Balance(granted, seen.spent));
    }
}
