package dev.sluice.gateway.lookup;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads things anew, each thing one time after the other, so that what was read last is what was read latest. Whoever asks
 * during a reading shares the next one with all who do. Thread-safe, does not block.
 */
final class Renewals<K> {

    private final ConcurrentMap<K, Turn> turns = new ConcurrentHashMap<>();
    private final Function<K, CompletableFuture<?>> read;

    /** Reads by this, which keeps what it has read. */
    Renewals(Function<K, CompletableFuture<?>> read) {
        this.read = read;
    }

    private static final class Turn {

        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private @Nullable Turn next;
    }

    /** Completes once a reading is over that began after this; with false when it failed. */
    CompletableFuture<Boolean> renew(K key) {
        AtomicReference<Turn> own = new AtomicReference<>(new Turn());
        Turn running = turns.compute(key, (same, present) -> {
            if (present == null) {
                return own.get();
            }
            own.set(present.next == null ? own.get() : present.next);
            present.next = own.get();
            return present;
        });
        if (running.equals(own.get())) {
            begin(key, running);
        }
        return own.get().over;
    }

    private void begin(K key, Turn turn) {
        CompletableFuture<?> ignored = reading(key).whenComplete((row, failure) -> {
            @Nullable Turn next = turns.compute(key, (same, present) -> turn.next);
            turn.over.complete(failure == null);
            if (next != null) {
                begin(key, next);
            }
        });
    }

    /** One that throws has failed: those who wait are told, and the next one has its turn. */
    private CompletableFuture<?> reading(K key) {
        try {
            return read.apply(key);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
