package dev.sluice.gateway.lookup;

import dev.sluice.shared.background.Recurring;
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
 * When rows that secrets stand for were last used, written every {@link #PERIOD} for all that were. Only rows that exist
 * get here, so what is kept meanwhile is bounded by the cache of them. A node that dies forgets the uses it had not written.
 * Thread-safe.
 */
public final class LastUse implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(LastUse.class);

    static final Duration PERIOD = Duration.ofSeconds(5);

    /** A row in use all the time is not noted for every request. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Map<UUID, Instant> used = new ConcurrentHashMap<>();
    private final Function<Map<UUID, Instant>, Mono<Void>> write;
    private final Disposable writing;

    /**
     * Begins to write.
     *
     * @param write notes when each was used; a use before the one that is there changes nothing
     */
    public LastUse(Function<Map<UUID, Instant>, Mono<Void>> write) {
        this(write, Schedulers.parallel());
    }

    LastUse(Function<Map<UUID, Instant>, Mono<Void>> write, Scheduler scheduler) {
        this.write = write;
        this.writing = Recurring.every(PERIOD, scheduler).within(LIMIT).start(this::flush, LastUse::failed);
    }

    /** It was used; written soon. */
    public void note(UUID row, Instant now) {
        Instant last = used.get(row);
        if (last == null || last.plus(GRAIN).isBefore(now)) {
            used.put(row, now);
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
        LOG.debug("What was used could not be noted: {}", error.toString());
    }
}
