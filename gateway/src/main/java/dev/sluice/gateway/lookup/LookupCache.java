package dev.sluice.gateway.lookup;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds rows by a key that anybody may send, such as the hash of a secret. Each key has one lookup in flight whoever asks; a
 * caller that cancels does not cancel it for the others. A row that was found stays usable while PostgreSQL is away, since a
 * failed refresh keeps the old one. Failures are not cached. Keys that are not known wait for one of a few places, so that
 * guessing takes only as many connections as there are places; rows that are known are given and refreshed without one.
 * Thread-safe, does not block.
 *
 * @param <K> by what; for secrets their {@link SecretHash}
 * @param <V> what is found
 */
public final class LookupCache<K, V> {

    private final Function<K, Mono<Optional<V>>> lookup;
    private final Loader loader;
    private final AsyncLoadingCache<K, V> present;
    private final Cache<K, Boolean> absent;
    private final Renewals<K> renewals = new Renewals<>(this::replace);

    /**
     * A cache in front of a lookup.
     *
     * @param lookup gives the row of a key, or an empty optional
     */
    public LookupCache(LookupSettings settings, Function<K, Mono<Optional<V>>> lookup, Ticker ticker) {
        this.lookup = lookup;
        this.loader = new Loader(new Places(settings.maxLookups(), settings.maxWaiting()));
        this.present = Caffeine.newBuilder()
                .maximumSize(settings.maxPresent())
                .refreshAfterWrite(settings.refreshAfter())
                .expireAfterWrite(settings.keepFor())
                .ticker(ticker)
                .executor(Runnable::run)
                .buildAsync(loader);
        this.absent = Caffeine.newBuilder()
                .maximumSize(settings.maxAbsent())
                .expireAfterWrite(settings.absentFor())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** The row of a key; when it is not cached, the lookup's error or {@code UNAVAILABLE} when too many wait for theirs. */
    public Mono<Optional<V>> find(K key) {
        return Mono.defer(() -> absent.getIfPresent(key) == null ? lookUp(key) : Mono.just(Optional.empty()));
    }

    /** The row of a key if it is at hand; absent when it has to be looked up, or there is none. */
    public @Nullable V peek(K key) {
        @Nullable CompletableFuture<V> row = present.getIfPresent(key);
        return row != null && row.isDone() && !row.isCompletedExceptionally() ? row.join() : null;
    }

    /**
     * Forgets rows, so that whoever asks from now on gets them as they are now; lookups under way are forgotten too, since
     * they may have read what was before.
     */
    public void forget(Predicate<V> which) {
        present.asMap().forEach((key, row) -> {
            @Nullable V found = row.isDone() && !row.isCompletedExceptionally() ? row.join() : null;
            if (found == null || which.test(found)) {
                boolean ignored = present.asMap().remove(key, row);
            }
        });
    }

    /**
     * Reads a row anew if it is kept. Until that is done, and when it cannot be done, whoever asks gets the one before; so it
     * is for what changes, and not for what must not be any more.
     *
     * @return completes when that is over; with false when it could not be done
     */
    public CompletableFuture<Boolean> renew(K key) {
        absent.invalidate(key);
        return present.getIfPresent(key) == null ? CompletableFuture.completedFuture(true) : renewals.renew(key);
    }

    private CompletableFuture<?> replace(K key) {
        return loader.load(lookup.apply(key)).thenAccept(row -> {
            if (row == null) {
                present.synchronous().invalidate(key);
            } else {
                present.put(key, CompletableFuture.completedFuture(row));
                // A lookup that began before and found none may just have said so.
                absent.invalidate(key);
            }
        });
    }

    private Mono<Optional<V>> lookUp(K key) {
        return Mono.fromFuture(() -> present.get(key), true).map(Optional::of).switchIfEmpty(Mono.defer(() -> {
            absent.put(key, true);
            // One that was read anew meanwhile is there although the lookup before it found none.
            if (peek(key) != null) {
                absent.invalidate(key);
            }
            return Mono.just(Optional.empty());
        }));
    }

    private final class Loader implements AsyncCacheLoader<K, V> {

        private final Places places;

        Loader(Places places) {
            this.places = places;
        }

        @Override
        public CompletableFuture<@Nullable V> asyncLoad(K key, Executor executor) {
            return load(places.in(Mono.defer(() -> lookup.apply(key))));
        }

        @Override
        public CompletableFuture<@Nullable V> asyncReload(K key, V old, Executor executor) {
            return load(lookup.apply(key));
        }

        /** Null means "no row" to Caffeine, which then caches nothing. */
        private CompletableFuture<@Nullable V> load(Mono<Optional<V>> row) {
            return row.<V>handle((found, sink) -> found.ifPresent(sink::next)).toFuture();
        }
    }
}
