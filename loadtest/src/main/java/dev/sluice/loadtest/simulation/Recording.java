package dev.sluice.loadtest.simulation;

import dev.sluice.shared.json.Json;
import io.gatling.javaapi.core.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Response times and errors of a simulation. Gatling's own log is binary and its report has no file to read, so each
 * request is recorded here too. Errors count apart: a refusal in a millisecond must not improve a percentile. Thread-safe.
 */
final class Recording {

    /** Session attribute that a request's check stores its response time under, in milliseconds. */
    static final String MILLIS = "responseMillis";

    private static final long HIGHEST_MILLIS = 600_000;

    private final ConcurrentHistogram times = new ConcurrentHistogram(HIGHEST_MILLIS, 3);
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong firstNanos = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong();
    private final long warmUpNanos;
    private final long timeNanos;

    /** Records what ends after the warm-up; nothing starts once the time after it is over. */
    Recording(Duration warmUp, Duration time) {
        this.warmUpNanos = warmUp.toNanos();
        this.timeNanos = time.toNanos();
    }

    /** Whether one more request may start within count and time; the first call starts the clock. */
    boolean startAnother(int count) {
        long now = System.nanoTime();
        long first = firstNanos.compareAndExchange(0, now);
        boolean inTime = first == 0 || now - first < warmUpNanos + timeNanos;
        return inTime && started.getAndIncrement() < count;
    }

    /** Records the request that the session has just made, and readies the session for the next. */
    Session record(Session session) {
        long now = System.nanoTime();
        if (now - firstNanos.get() >= warmUpNanos) {
            count(session);
            lastNanos.accumulateAndGet(now, Math::max);
        }
        return session.markAsSucceeded().remove(MILLIS);
    }

    private void count(Session session) {
        if (session.isFailed() || !session.contains(MILLIS)) {
            errors.incrementAndGet();
        } else {
            times.recordValue(Math.clamp(session.getInt(MILLIS), 0, HIGHEST_MILLIS));
        }
    }

    /** Writes the figures as JSON; throughput counts good answers only. */
    void write(Path file) {
        double seconds = Math.max(1, lastNanos.get() - firstNanos.get() - warmUpNanos) / 1e9;
        long untilMillis = System.currentTimeMillis() - (System.nanoTime() - lastNanos.get()) / 1_000_000;
        byte[] json = Json.bytes(Json.object()
                .put("succeeded", times.getTotalCount())
                .put("errors", errors.get())
                .put("seconds", seconds)
                .put("untilMillis", untilMillis)
                .put("perSecond", times.getTotalCount() / seconds)
                .put("p50Millis", times.getValueAtPercentile(50))
                .put("p99Millis", times.getValueAtPercentile(99))
                .put("maxMillis", times.getMaxValue()));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
