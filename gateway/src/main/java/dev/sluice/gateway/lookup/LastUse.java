package dev.sluice.gateway.key;

import dev.sluice.shared.background.Recurring;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * When keys were last used, written every {@link #PERIOD} for all that were. Only keys that exist get here, so what is
 * kept meanwhile is bounded by the cache of keys. A node that dies forgets the uses it had not written. Thread-safe.
 */
public final class KeyUse implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);

    static final Duration PERIOD = Duration.ofSeconds(5);

    /** A key in use all the time is not noted for every request. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Map<UUID, Instant> used = new ConcurrentHashMap<>();
    private final Function<Map<UUID, Instant>, Mono<Void>> write;
    private final Disposable writing;

    /** Begins to write. */
    KeyUse(Function<Map<UUID, Instant>, Mono<Void>> write, Scheduler scheduler) {
        this.write = write;
        this.writing = Recurring.every(PERIOD, scheduler).within(LIMIT).start(this::flush, KeyUse::failed);
    }

    /** Begins to write on connections of {@code sluice_api}. */
    public static KeyUse of(ConnectionPool api) {
        KeyStore store = new KeyStore();
        return new KeyUse(uses -> store.touch(api, uses), Schedulers.parallel());
    }

    void note(UUID key, Instant now) {
        Instant last = used.get(key);
        if (last == null || last.plus(GRAIN).isBefore(now)) {
            used.put(key, now);
        }
    }

    @Override
    public void dispose() {
        writing.dispose();
    }

    private Mono<Void> flush() {
        return Mono.defer(() -> {
            Map<UUID, Instant> taken = Map.copyOf(used);
            taken.forEach(used::remove);
            return taken.isEmpty() ? Mono.empty() : write.apply(taken);
        });
    }

    private static void failed(Throwable error) {
        LOG.debug("The use of keys could not be noted: {}", error.toString());
    }
}
