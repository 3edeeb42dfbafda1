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
 * Finds rows by the hash of a secret. Each hash has one lookup in flight whoever asks; a caller that cancels does not
 * cancel it for the others. A row that was found stays usable while PostgreSQL is away, since a failed refresh keeps the
 * old one. Failures are not cached. Hashes that are not known wait for one of a few places, so that guessing takes only as
 * many connections as there are places; rows that are known are given and refreshed without one. Thread-safe, does not
 * block.
 *
 * @param <V> what is found
 */
public final class LookupCache<V> {

    private final AsyncLoadingCache<SecretHash, V> present;
    private final Cache<SecretHash, Boolean> absent;

    /**
     * A cache in front of a lookup.
     *
     * @param lookup gives the row of a hash, or an empty optional
     */
    public LookupCache(LookupSettings settings, Function<SecretHash, Mono<Optional<V>>> lookup, Ticker ticker) {
        this.present = Caffeine.newBuilder()
                .maximumSize(settings.maxPresent())
                .refreshAfterWrite(settings.refreshAfter())
                .expireAfterWrite(settings.keepFor())
                .ticker(ticker)
                .executor(Runnable::run)
                .buildAsync(new Loader(lookup, new Places(settings.maxLookups(), settings.maxWaiting())));
        this.absent = Caffeine.newBuilder()
                .maximumSize(settings.maxAbsent())
                .expireAfterWrite(settings.absentFor())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** The row of a hash; when it is not cached, the lookup's error or {@code UNAVAILABLE} when too many wait for theirs. */
    public Mono<Optional<V>> find(SecretHash hash) {
        return Mono.defer(() -> absent.getIfPresent(hash) == null ? lookUp(hash) : Mono.just(Optional.empty()));
    }

    /**
     * Forgets rows, so that whoever asks from now on gets them as they are now; lookups under way are forgotten too, since
     * they may have read what was before.
     */
    public void forget(Predicate<V> which) {
        present.asMap().forEach((hash, row) -> {
            @Nullable V found = row.isDone() && !row.isCompletedExceptionally() ? row.join() : null;
            if (found == null || which.test(found)) {
                boolean ignored = present.asMap().remove(hash, row);
            }
        });
    }

    private Mono<Optional<V>> lookUp(SecretHash hash) {
        return Mono.fromFuture(() -> present.get(hash), true).map(Optional::of).switchIfEmpty(Mono.defer(() -> {
            absent.put(hash, true);
            return Mono.just(Optional.empty());
        }));
    }

    private final class Loader implements AsyncCacheLoader<SecretHash, V> {

        private final Function<SecretHash, Mono<Optional<V>>> lookup;
        private final Places places;

        Loader(Function<SecretHash, Mono<Optional<V>>> lookup, Places places) {
            this.lookup = lookup;
            this.places = places;
        }

        @Override
        public CompletableFuture<@Nullable V> asyncLoad(SecretHash hash, Executor executor) {
            return load(places.in(Mono.defer(() -> lookup.apply(hash))));
        }

        @Override
        public CompletableFuture<@Nullable V> asyncReload(SecretHash hash, V old, Executor executor) {
            return load(lookup.apply(hash));
        }

        /** Null means "no row" to Caffeine, which then caches nothing. */
        private CompletableFuture<@Nullable V> load(Mono<Optional<V>> row) {
            return row.<V>handle((found, sink) -> found.ifPresent(sink::next)).toFuture();
        }
    }
}
