package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.asyncapi.Messages;
import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.definition.ChannelSubscription;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Message;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.stream.EventStreamReader;
import dev.sluice.executor.stream.MalformedStreamException;
import dev.sluice.executor.stream.ServerSentEvent;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions over HTTP: the server-sent events of one response. Thread-safe. */
final class EventStreams {

    private static final int OK = 200;

    private final Authenticators authenticators;
    private final ChannelLimits limits;

    EventStreams(Authenticators authenticators, ChannelLimits limits) {
        this.authenticators = authenticators;
        this.limits = limits;
    }

    /**
     * The events of a channel, from after the one with an id where the server can do that.
     *
     * @param unechoed takes credentials out, also those that the server asks for
     */
    Flux<Message> messages(
            ChannelSubscription channel,
            JsonNode arguments,
            Credentials credentials,
            Invocation invocation,
            Scrubber unechoed,
            @Nullable String lastId) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Accept", "text/event-stream");
        headers.put("Cache-Control", "no-store");
        if (lastId != null) {
            headers.put("Last-Event-ID", lastId);
        }
        String instance = invocation.instance();
        OutboundRequest request = Handshakes.request(
                channel.endpoint(),
                channel.endpoint().uri(arguments),
                headers,
                credentials,
                invocation,
                limits.maxMessage());
        return authenticators.stream(
                        request,
                        credentials,
                        limits.maxSilence(),
                        invocation.permitted(),
                        authorization -> CallCredentials.hide(authorization, unechoed),
                        (head, body) -> events(head, body, instance))
                .map(event -> message(channel.messages(), event))
                .onErrorMap(
                        MalformedStreamException.class,
                        malformed -> ChannelErrors.communication(instance, 502, malformed.detail()));
    }

    private Flux<ServerSentEvent> events(OutboundHead head, Flux<byte[]> body, String instance) {
        if (head.status() != OK) {
            return Flux.error(ChannelErrors.status(instance, head.status()));
        }
        String type = head.header("content-type", "").toLowerCase(Locale.ROOT);
        return type.startsWith("text/event-stream")
                ? new EventStreamReader(limits.maxMessage()).read(body)
                : Flux.error(new MalformedStreamException(
                        "The server's response is no stream of events (text/event-stream)."));
    }

    private static Message message(Messages messages, ServerSentEvent event) {
        ObjectNode headers = Json.object().put("event", event.type());
        if (!event.lastId().isEmpty()) {
            headers.put("id", event.lastId());
        }
        return new Message(
                messages.inbound(event.data(), headers), event.lastId().isEmpty() ? null : event.lastId());
    }
}
