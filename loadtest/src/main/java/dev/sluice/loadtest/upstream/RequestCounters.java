package dev.sluice.loadtest.upstream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts requests and their idempotency keys. Thread-safe; keys beyond {@link #MAX_KEYS} are counted as without one. */
final class RequestCounters {

    /** Most keys remembered, so that a long run cannot fill the memory. */
    static final int MAX_KEYS = 500_000;

    private static final int MAX_KEY_LENGTH = 256;

    private final Map<String, Integer> requestsByKey = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong maxInFlight = new AtomicLong();
    private final AtomicLong withoutKey = new AtomicLong();

    void arrived(@Nullable String key) {
        requests.incrementAndGet();
        long now = inFlight.incrementAndGet();
        maxInFlight.accumulateAndGet(now, Math::max);
        if (key == null || key.length() > MAX_KEY_LENGTH || isFullFor(key)) {
            withoutKey.incrementAndGet();
        } else {
            requestsByKey.merge(key, 1, Integer::sum);
        }
    }

    /** Once per request that {@link #arrived}; {@code whole} is whether its response was sent to the end. */
    void left(boolean whole) {
        inFlight.decrementAndGet();
        (whole ? completed : cancelled).incrementAndGet();
    }

    int requestsWithKey(String key) {
        return requestsByKey.getOrDefault(key, 0);
    }

    /** Forgets everything but the requests being answered now. */
    void reset() {
        requestsByKey.clear();
        requests.set(0);
        completed.set(0);
        cancelled.set(0);
        withoutKey.set(0);
        maxInFlight.set(inFlight.get());
    }

    UpstreamStats stats() {
        return new UpstreamStats(
                requests.get(),
                completed.get(),
                cancelled.get(),
                inFlight.get(),
                maxInFlight.get(),
                requestsByKey.size(),
                requestsByKey.values().stream().filter(count -> count > 1).count(),
                withoutKey.get());
    }

    private boolean isFullFor(String key) {
        return requestsByKey.size() >= MAX_KEYS && !requestsByKey.containsKey(key);
    }
}
