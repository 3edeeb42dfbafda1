package dev.sluice.loadtest.compare;

import dev.sluice.shared.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

/**
 * The driver that all peers share: a number of callers, each of which sends its next request when it has its answer.
 * Blocks while it sends; one load at a time.
 */
final class Load implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final long HIGHEST_MICROS = ANSWER_WITHIN.toNanos() / 1_000;

    private final ConnectionProvider connections = ConnectionProvider.builder("load")
            .maxConnections(2_000)
            .pendingAcquireMaxCount(2_000)
            .build();
    private final HttpClient client = HttpClient.create(connections);

    /** Sends for a time and returns what was measured, counting the answers that came in that time or soon after it. */
    Figures run(Target target, int inFlight, Duration time) {
        return switch (target) {
            case Target.Http http -> drive(send(http), inFlight, time);
            case Target.Polled polled -> drive(follow(polled), inFlight, time);
            case Target.InProcess own -> ask(own, inFlight, time);
        };
    }

    /** Sends so many, a few at once, and returns how many were answered well. */
    int send(Target.Http target, int count, int inFlight) {
        return Flux.range(0, count)
                .flatMap(number -> send(target).timeout(ANSWER_WITHIN).onErrorReturn(false), inFlight)
                .filter(good -> good)
                .count()
                .map(Math::toIntExact)
                .blockOptional()
                .orElseThrow();
    }

    @Override
    public void close() {
        connections.dispose();
    }

    /** @param request one, each time it is subscribed to; whether its answer is the expected one */
    private Figures drive(Mono<Boolean> request, int inFlight, Duration time) {
        var times = new ConcurrentHistogram(HIGHEST_MICROS, 3);
        var errors = new AtomicLong();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        Mono<Void> once = Mono.defer(() -> timed(request, times, errors, System.nanoTime()));
        Flux.range(0, inFlight)
                .flatMap(caller -> once.repeat(() -> System.nanoTime() < end), inFlight)
                .then()
                // Each request has a timeout of its own, so this ends.
                .block();
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Figures(
                times.getTotalCount(),
                errors.get(),
                seconds,
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(99));
    }

    private Mono<Void> timed(Mono<Boolean> request, ConcurrentHistogram times, AtomicLong errors, long began) {
        return request.timeout(ANSWER_WITHIN)
                .onErrorReturn(false)
                .doOnNext(good -> {
                    if (good) {
                        times.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - began) / 1_000));
                    } else {
                        errors.incrementAndGet();
                    }
                })
                .then();
    }

    /** Whether the answer is the expected one. */
    private Mono<Boolean> send(Target.Http target) {
        return post(target)
                .responseSingle((response, body) ->
                        body.asString().defaultIfEmpty("").map(text -> good(response, text, target.expected())));
    }

    /** The same for a workflow whose end is asked for. */
    private Mono<Boolean> follow(Target.Polled target) {
        return post(target.start()).responseSingle(Load::textOfGoodAnswer).flatMap(id -> end(target, id));
    }

    private Mono<Boolean> end(Target.Polled target, String id) {
        return client.get()
                .uri(target.status().apply(id))
                .responseSingle(Load::textOfGoodAnswer)
                .repeatWhen(answers -> answers.delayElements(target.interval()))
                .takeUntil(text -> !text.contains(target.unfinished()))
                .last()
                .map(text -> text.contains(target.start().expected()));
    }

    private HttpClient.ResponseReceiver<?> post(Target.Http target) {
        return client.headers(headers -> {
                    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
                    target.headers().forEach(headers::set);
                })
                .post()
                .uri(target.uri())
                .send(Mono.fromSupplier(() -> Unpooled.copiedBuffer(target.body(), StandardCharsets.UTF_8)));
    }

    private static Mono<String> textOfGoodAnswer(HttpClientResponse response, ByteBufMono body) {
        return succeeded(response)
                ? body.asString().defaultIfEmpty("")
                : Mono.error(new IllegalStateException("Answered with " + response.status()));
    }

    private static boolean good(HttpClientResponse response, String body, String expected) {
        return succeeded(response) && body.contains(expected);
    }

    private static boolean succeeded(HttpClientResponse response) {
        return response.status().code() / 100 == 2;
    }

    private Figures ask(Target.InProcess target, int inFlight, Duration time) {
        URI uri = URI.create(target.uri() + "&inFlight=" + inFlight + "&millis=" + time.toMillis());
        String answer = client.post()
                .uri(uri)
                .responseContent()
                .aggregate()
                .asString()
                .timeout(time.plus(ANSWER_WITHIN))
                .onErrorMap(e -> new CompareFailure("No figures came from " + target.uri() + ".", e))
                .blockOptional()
                .orElseThrow(() -> new CompareFailure("Nothing came from " + target.uri() + "."));
        JsonNode figures = Json.read(answer.getBytes(StandardCharsets.UTF_8));
        return new Figures(
                figures.path("succeeded").asLong(),
                figures.path("errors").asLong(),
                figures.path("seconds").asDouble(),
                figures.path("p50Micros").asLong(),
                figures.path("p99Micros").asLong());
    }
}
