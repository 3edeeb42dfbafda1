package dev.sluice.executor.run;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A run's events as server-sent events: durable ones carry an id to resume from, and a comment keeps the line alive. */
final class EventStream {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private EventStream() {}

    /** The stream, which ends with the run's last event. */
    static Flux<ServerSentEvent<String>> of(Flux<RunEvent> events) {
        return events.map(EventStream::event)
                .publish(shared -> shared.mergeWith(heartbeats().takeUntilOther(shared.ignoreElements())));
    }

    static Mono<ServerResponse> respond(ServerResponse.BodyBuilder response, Flux<ServerSentEvent<String>> stream) {
        return response.contentType(MediaType.TEXT_EVENT_STREAM)
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no")
                .body(BodyInserters.fromServerSentEvents(stream));
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

    private static Flux<ServerSentEvent<String>> heartbeats() {
        return Flux.interval(HEARTBEAT)
                .onBackpressureDrop()
                .map(tick ->
                        ServerSentEvent.<String>builder().comment("heartbeat").build());
    }

    private static ServerSentEvent<String> event(RunEvent event) {
        ServerSentEvent.Builder<String> builder =
                ServerSentEvent.builder(Json.text(event.envelope())).event(event.type());
        return event.seq() == null
                ? builder.build()
                : builder.id(event.seq().toString()).build();
    }
}
