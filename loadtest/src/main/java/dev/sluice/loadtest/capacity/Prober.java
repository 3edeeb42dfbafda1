package dev.sluice.loadtest.capacity;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests at a fixed low rate, whatever happens to those before. A time counts from when its request was to be sent: a
 * system that hangs does not make the figures better. At most {@value #MAX_OPEN} are open; what comes then is an error.
 */
final class Prober implements AutoCloseable {

    private static final int MAX_OPEN = 500;

    private static final Duration SLICE = Duration.ofSeconds(5);

    private final Latencies latencies = new Latencies();
    private final ConcurrentNavigableMap<Long, Long> worst = new ConcurrentSkipListMap<>();
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicReference<String> lastError = new AtomicReference<>("");
    private final Driver driver;
    private final Disposable probing;
    private volatile boolean going = true;

    private Prober(Driver driver, IntFunction<Ask> asks, int first, int count, Duration interval) {
        this.driver = driver;
        long began = System.nanoTime();
        this.probing = Flux.interval(Duration.ZERO, interval)
                .onBackpressureDrop(tick -> errors.incrementAndGet())
                .takeWhile(tick -> going && tick < count)
                .flatMap(tick -> ask(asks.apply(first + tick.intValue()), began, tick * interval.toNanos()), MAX_OPEN)
                .subscribe(done -> {}, this::failed);
    }

    /** Starts to send without an end. */
    static Prober start(URI gateway, IntFunction<Ask> asks, Duration interval) {
        return start(gateway, asks, 0, Integer.MAX_VALUE, interval);
    }

    /** Starts to send so many, numbered from {@code first} on. */
    static Prober start(URI gateway, IntFunction<Ask> asks, int first, int count, Duration interval) {
        return new Prober(new Driver(gateway, MAX_OPEN), asks, first, count, interval);
    }

    /** Waits until all were sent and answered; each request has a timeout, so this ends. */
    void await() {
        while (!probing.isDisposed()) {
            Deadline.pause();
        }
    }

    /** Sends nothing more, and waits for the answers that are to come. */
    void stop() {
        going = false;
        await();
    }

    /** Of the good answers. */
    Latencies latencies() {
        return latencies;
    }

    int errors() {
        return errors.get();
    }

    /** Adds the times to the findings, of which errors make wrong ones. */
    void report(Findings findings, String what) {
        findings.add(what, toString());
        if (errors.get() > 0) {
            findings.wrong(what + ": " + errors + " requests failed");
        }
    }

    /** The longest time of the requests of each five seconds, in their order: one hiccup, or slow throughout. */
    String worst() {
        return worst.values().stream()
                .map(nanos -> Quantity.millis(nanos / 1e6))
                .collect(Collectors.joining(", "));
    }

    /** The times, and the errors if there were any. */
    @Override
    public String toString() {
        return latencies + (errors.get() == 0 ? "" : "; " + errors + " errors, the last: " + lastError);
    }

    @Override
    public void close() {
        probing.dispose();
        driver.close();
    }

    private void failed(Throwable error) {
        errors.incrementAndGet();
        lastError.set(error.toString());
    }

    private Mono<Void> ask(Ask ask, long began, long dueNanos) {
        return driver.send(ask)
                .doOnNext(answer -> {
                    if (ask.expected().contains(answer.status())) {
                        long took = System.nanoTime() - began - dueNanos;
                        latencies.record(took);
                        worst.merge(dueNanos / SLICE.toNanos(), took, Math::max);
                    } else {
                        errors.incrementAndGet();
                        lastError.set(answer.status() + " " + answer.body());
                    }
                })
                .then();
    }
}
