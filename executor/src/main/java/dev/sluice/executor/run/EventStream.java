package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A run's events as server-sent events: durable ones carry an id to resume from, and a comment keeps the line alive. */
final class EventStream {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final MediaType TYPE = new MediaType(MediaType.TEXT_EVENT_STREAM, UTF_8);
    private static final byte[] COMMENT = ":heartbeat\n\n".getBytes(UTF_8);

    private EventStream() {}

    /** The stream, which ends with the run's last event. */
    static Flux<byte[]> of(Flux<RunEvent> events) {
        return events.map(RunEvent::frame)
                .publish(shared -> shared.mergeWith(heartbeats().takeUntilOther(shared.ignoreElements())));
    }

    /** Each event is sent as soon as it is there; its bytes are not copied. */
    @SuppressWarnings("NestedPublishers") // Spring's type for what is flushed part by part
    static Mono<ServerResponse> respond(ServerResponse.BodyBuilder response, Flux<byte[]> stream) {
        return response.contentType(TYPE)
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no")
                .body((message, context) -> message.writeAndFlushWith(
                        stream.map(frame -> Mono.just(message.bufferFactory().wrap(frame)))));
    }

    /** The position of a {@code Last-Event-ID}, -1 without one. */
    static int position(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return -1;
        }
        try {
            return Integer.parseInt(lastEventId.strip());
        } catch (NumberFormatException e) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST, "Last-Event-ID must be the id of an event of this stream.");
        }
    }

    private static Flux<byte[]> heartbeats() {
        return Flux.interval(HEARTBEAT).onBackpressureDrop().map(tick -> COMMENT);
    }
}
