package dev.sluice.loadtest.capacity;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Numbered requests over a fixed number of connections, each of which sends its next request when it has its answer. What is
 * refused for want of room is sent again. Blocks while it sends.
 */
final class Driver implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    /** Before what was refused is sent again: not the same for all, or they would come in bursts for ever. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(50);

    private static final Duration MOST_PAUSE = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Set<Integer> REFUSALS = Set.of(429, 503);

    private final int connections;
    private final Duration interval;
    private final ConnectionProvider pool;
    private final HttpClient client;

    Driver(URI gateway, int connections) {
        this(gateway, connections, Duration.ZERO);
    }

    /** With an interval between requests, which are fewer when all connections wait for answers. */
    Driver(URI gateway, int connections, Duration interval) {
        this.connections = connections;
        this.interval = interval;
        this.pool = ConnectionProvider.builder("capacity")
                .maxConnections(connections)
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(PATIENCE)
                .build();
        this.client = HttpClient.create(pool).baseUrl(gateway.toString()).disableRetry(true);
    }

    /**
     * An answer.
     *
     * @param status 0 when none came
     */
    record Answer(int status, String body) {}

    /** Sends the numbers from {@code from} to before {@code until} and adds what became of them. */
    void send(int from, int until, IntFunction<Ask> asks, Sent sent) {
        send(from, until, () -> true, asks, sent);
    }

    /** The same, as long as {@code going}. */
    void send(int from, int until, BooleanSupplier going, IntFunction<Ask> asks, Sent sent) {
        long began = System.nanoTime();
        numbers(from, until)
                .takeWhile(number -> going.getAsBoolean())
                .flatMap(
                        number -> Mono.defer(() -> sendUntilAccepted(number, asks, sent, System.nanoTime())),
                        connections)
                .then()
                // Each request has a timeout of its own, so this ends.
                .block();
        sent.took((System.nanoTime() - began) / 1e9);
    }

    private Flux<Integer> numbers(int from, int until) {
        return interval.isZero()
                ? Flux.range(from, until - from)
                : Flux.interval(interval)
                        .onBackpressureDrop()
                        .index((index, tick) -> from + index.intValue())
                        .take(until - from);
    }

    /** One request; never fails. */
    Mono<Answer> send(Ask ask) {
        return client.headers(headers -> {
                    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
                    ask.headers().forEach(headers::set);
                })
                .request(ask.method())
                .uri(ask.path())
                .send(Mono.fromSupplier(() -> Unpooled.copiedBuffer(ask.body(), StandardCharsets.UTF_8)))
                .responseSingle((response, body) -> body.asString()
                        .defaultIfEmpty("")
                        .map(text -> new Answer(response.status().code(), text)))
                .timeout(ANSWER_WITHIN)
                .onErrorResume(error -> Mono.just(new Answer(0, error.toString())));
    }

    @Override
    public void close() {
        pool.dispose();
    }

    private Mono<Void> sendUntilAccepted(int number, IntFunction<Ask> asks, Sent sent, long first) {
        Ask ask = asks.apply(number);
        long began = System.nanoTime();
        return send(ask).flatMap(answer -> {
            if (ask.expected().contains(answer.status())) {
                sent.latencies.record(System.nanoTime() - began);
                sent.accepted(number);
                return Mono.empty();
            }
            return notAccepted(number, asks, sent, first, answer);
        });
    }

    private Mono<Void> notAccepted(int number, IntFunction<Ask> asks, Sent sent, long first, Answer answer) {
        if (answer.status() == 0) {
            sent.unknown(number);
            return Mono.empty();
        }
        if (!REFUSALS.contains(answer.status()) || System.nanoTime() - first > PATIENCE.toNanos()) {
            return Mono.error(
                    () -> new CapacityFailure("A request was answered with " + answer.status() + ": " + answer.body()));
        }
        sent.refused();
        return Mono.delay(pause()).then(Mono.defer(() -> sendUntilAccepted(number, asks, sent, first)));
    }

    private static Duration pause() {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(LEAST_PAUSE.toNanos(), MOST_PAUSE.toNanos()));
    }
}
