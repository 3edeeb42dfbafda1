package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.definition.ChannelSubscription;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A channel to which messages are sent by hand; nobody hears what is sent while nobody is there. */
final class ScriptedChannel implements Channels {

    static final URI DOCUMENT = URI.create("https://docs.example/channels.json");

    static final String DESCRIPTION = """
            {
              "asyncapi": "3.0.0",
              "servers": { "here": { "host": "here.example", "protocol": "ws" } },
              "channels": { "news": { "address": "/news" } },
              "operations": { "hear": { "action": "send", "channel": { "$ref": "#/channels/news" } } }
            }
            """;

    final List<String> connections = new ArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    int asked;
    private Sinks.Many<Message> messages = Sinks.many().unicast().onBackpressureBuffer();

    @Override
    public Flux<Message> messages(ChannelSubscription channel, Invocation invocation, @Nullable String lastId) {
        return Flux.defer(() -> {
            connections.add(lastId == null ? "anew" : "after " + lastId);
            messages = Sinks.many().unicast().onBackpressureBuffer();
            return messages.asFlux()
                    .doOnRequest(more -> asked += (int) more)
                    .doOnSubscribe(subscription -> open.incrementAndGet())
                    .doFinally(end -> open.decrementAndGet());
        });
    }

    void send(String payload) {
        send(payload, null);
    }

    void send(String payload, @Nullable String id) {
        messages.emitNext(
                new Message(Json.object().set("payload", Json.read(payload.getBytes(UTF_8))), id),
                Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void end() {
        messages.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void fail(Throwable error) {
        messages.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
    }
}
