package dev.sluice.gateway.admission;

import dev.sluice.shared.redis.SharedRates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The buckets of one kind of caller, bounded and never failing open. A bucket is forgotten only when it is full, since a
 * new one would be the same; a bucket somebody has taken from is kept whatever comes. When the bound is reached and
 * nothing can be forgotten, unknown callers are refused for a second: of those that exist (keys, organizations, endpoints)
 * the bound is sized by how many a node serves at once; networks of clients that come in have buckets of their own, so that
 * however many there are, nobody who is in is kept out. Thread-safe, does not block.
 */
final class Buckets {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long SWEEP_EVERY_NANOS = 1_000_000_000L;

    private final ConcurrentMap<UUID, TokenBucket> buckets = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong nextSweep;
    private final Queue<Used> used = new ConcurrentLinkedQueue<>();
    private final String kind;
    private final int maximum;
    private final LongSupplier nanoTime;
    private volatile int nodes = 1;

    Buckets(String kind, int maximum, LongSupplier nanoTime) {
        this.kind = kind;
        this.maximum = maximum;
        this.nanoTime = nanoTime;
        this.nextSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /** Takes a token of the caller, who may have this many. */
    Decision take(UUID caller, Rate rate) {
        while (true) {
            long now = nanoTime.getAsLong();
            TokenBucket bucket = buckets.get(caller);
            if (bucket == null) {
                if (!reserve(now)) {
                    return Decision.refused(PAUSE, PAUSE);
                }
                bucket = add(caller, now);
            }
            Decision decision = bucket.take(rate, nodes, now);
            if (decision.admitted() && bucket.note()) {
                used.add(new Used(caller, bucket, rate));
            }
            if (!decision.isRetired()) {
                return decision;
            }
            remove(caller, bucket);
        }
    }

    /** A bucket with tokens that the other gateways have not been told of, once each. */
    private record Used(UUID caller, TokenBucket bucket, Rate rate) {}

    /** What was taken from one bucket, on its way to the others. */
    final class Report {

        private final Used used;
        private final long taken;

        private Report(Used used) {
            this.used = used;
            this.taken = used.bucket.tell();
        }

        SharedRates.Use use() {
            return new SharedRates.Use(
                    kind + ":" + used.caller, taken, used.rate.intervalNanos(), used.rate.capacityNanos());
        }

        /** All have been told. */
        void settle(long fullInNanos) {
            used.bucket.settle(fullInNanos, used.rate, nodes, nanoTime.getAsLong());
        }

        /** Nobody has. */
        void takeBack() {
            if (used.bucket.takeBack(taken, used.rate, nodes, nanoTime.getAsLong())) {
                Buckets.this.used.add(used);
            }
        }
    }

    /** What was taken from up to so many buckets; each report is to be settled or taken back. */
    List<Report> report(int most) {
        List<Report> reports = new ArrayList<>();
        for (Used next = used.poll(); next != null; next = reports.size() < most ? used.poll() : null) {
            reports.add(new Report(next));
        }
        return reports;
    }

    /** From now on so many gateways share the limits. */
    void share(int gateways) {
        nodes = Math.max(1, gateways);
    }

    int size() {
        return count.get();
    }

    private TokenBucket add(UUID caller, long now) {
        TokenBucket fresh = new TokenBucket(now);
        TokenBucket present = buckets.putIfAbsent(caller, fresh);
        if (present == null) {
            return fresh;
        }
        count.decrementAndGet();
        return present;
    }

    private boolean reserve(long now) {
        return increment() || (sweep(now) && increment());
    }

    private boolean increment() {
        if (count.incrementAndGet() <= maximum) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** At most once a second: the walk costs as much as there are buckets. */
    private boolean sweep(long now) {
        long due = nextSweep.get();
        if (now - due < 0 || !nextSweep.compareAndSet(due, now + SWEEP_EVERY_NANOS)) {
            return false;
        }
        buckets.forEach((caller, bucket) -> {
            if (bucket.retire(now)) {
                remove(caller, bucket);
            }
        });
        return true;
    }

    private void remove(UUID caller, TokenBucket bucket) {
        if (buckets.remove(caller, bucket)) {
            count.decrementAndGet();
        }
    }
}
