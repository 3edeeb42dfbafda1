package dev.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The keys of one provider (RFC 7517). They are fetched once for all who wait; used ones are fetched again in the background
 * before they are old, and stay good for a day while the provider is away. A key that is not among them has them fetched
 * again, at most once in {@link #INTERVAL} however many such tokens come; tokens of known keys are not held up by that.
 * Thread-safe, does not block.
 */
final class SigningKeys {

    /** Between two fetches that unknown keys, or failures, cause. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    static final Duration REFRESH_AFTER = Duration.ofMinutes(10);
    static final Duration KEEP_FOR = Duration.ofHours(24);

    private static final String ONLY = "keys";

    private final AsyncLoadingCache<String, JWKSet> cache;
    private final AtomicReference<@Nullable Asked> lastAsked = new AtomicReference<>();
    private final AtomicReference<@Nullable Failed> lastFailure = new AtomicReference<>();
    private final Ticker ticker;

    /** Keys that come from there. */
    SigningKeys(Mono<JWKSet> fetch, Ticker ticker) {
        this.ticker = ticker;
        Mono<JWKSet> noted = fetch.doOnError(error -> lastFailure.set(new Failed(error, ticker.read())));
        this.cache = Caffeine.newBuilder()
                .refreshAfterWrite(REFRESH_AFTER)
                .expireAfterWrite(KEEP_FOR)
                .ticker(ticker)
                .executor(Runnable::run)
                .buildAsync(new Loader(noted));
    }

    private final class Loader implements AsyncCacheLoader<String, JWKSet> {

        private final Mono<JWKSet> fetch;

        Loader(Mono<JWKSet> fetch) {
            this.fetch = fetch;
        }

        @Override
        public CompletableFuture<@Nullable JWKSet> asyncLoad(String key, Executor executor) {
            return fetch.toFuture();
        }

        /** A provider that has just failed is left alone for a while; the keys that are there grow no younger by it. */
        @Override
        public CompletableFuture<@Nullable JWKSet> asyncReload(String key, JWKSet old, Executor executor) {
            Failed failure = lastFailure.get();
            return failure != null && isRecent(failure.nanos)
                    ? CompletableFuture.failedFuture(failure.error)
                    : fetch.toFuture();
        }
    }

    /** The key of an id; an error when there are no keys at all and they cannot be fetched. */
    Mono<Optional<JWK>> find(String id) {
        return Mono.defer(this::keys)
                .flatMap(keys -> key(keys, id)
                        .map(found -> Mono.just(Optional.of(found)))
                        .orElseGet(() -> again().map(fresh -> key(fresh, id)).defaultIfEmpty(Optional.empty())));
    }

    private Mono<JWKSet> keys() {
        Failed failure = lastFailure.get();
        if (failure != null && isRecent(failure.nanos) && cache.getIfPresent(ONLY) == null) {
            return Mono.error(failure.error);
        }
        return Mono.fromFuture(() -> cache.get(ONLY), true);
    }

    /** Fetched again, for whoever comes first in a while and those who come before that is done; empty for the others. */
    private Mono<JWKSet> again() {
        Asked last = lastAsked.get();
        if (last != null && isRecent(last.nanos)) {
            return last.answer.isDone() ? Mono.empty() : wait(last);
        }
        Asked mine = new Asked(new CompletableFuture<>(), ticker.read());
        if (!lastAsked.compareAndSet(last, mine)) {
            return again();
        }
        CompletableFuture<JWKSet> ignored = cache.synchronous().refresh(ONLY).whenComplete(mine::answered);
        return wait(mine);
    }

    private static Mono<JWKSet> wait(Asked asked) {
        return Mono.fromFuture(asked.answer, true).onErrorComplete();
    }

    private boolean isRecent(long nanos) {
        return ticker.read() - nanos < INTERVAL.toNanos();
    }

    private static Optional<JWK> key(JWKSet keys, String id) {
        return Optional.ofNullable(keys.getKeyByKeyId(id));
    }

    private record Asked(CompletableFuture<JWKSet> answer, long nanos) {

        void answered(@Nullable JWKSet keys, @Nullable Throwable error) {
            boolean ignored = (error == null && keys != null) ? answer.complete(keys) : answer.cancel(false);
        }
    }

    private record Failed(Throwable error, long nanos) {}
}
