package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * WebSockets to the outside (RFC 6455), over connections of their own that {@link AddressPolicy} permits: long-lived ones take none
 * from the pools of requests. A request's timeout is for the handshake, and its bound of the response for one message, whatever
 * frames it comes in. Thread-safe.
 */
public final class OutboundWebSockets implements AutoCloseable {

    private static final Duration MAX_WAIT = Duration.ofMinutes(1);
    private static final Duration PING = Duration.ofSeconds(30);

    /** So many pings without any word from the other side, and it is gone. */
    private static final int MOST_UNANSWERED = 3;

    /** Netty has one of its own for what is no response at all. */
    private static final int LARGEST_STATUS = 599;

    private final OutboundConnections connections;
    private final Duration ping;

    /** Connects to nothing yet. */
    public OutboundWebSockets(OutboundSettings settings, OutboundAccess access) {
        this(settings, access, PING);
    }

    OutboundWebSockets(OutboundSettings settings, OutboundAccess access, Duration ping) {
        this.connections = new OutboundConnections(settings, access, MAX_WAIT);
        this.ping = ping;
    }

    /**
     * The messages that come, text or binary, as bytes: the socket is read as fast as they are asked for. Connects when somebody
     * subscribes; completes when the other side closes. Ends with {@link OutboundException}, and with {@link HandshakeException}
     * when the server will not have it. One that is silent is pinged, and given up when it does not answer while messages are
     * asked for. Cancelling closes it.
     *
     * @param subprotocol asked for, empty for none
     * @param permitted   asked right before the handshake is sent; when it says no, there is none: {@link Kind#WITHDRAWN}
     */
    public Flux<byte[]> receive(OutboundRequest request, String subprotocol, BooleanSupplier permitted) {
        return Flux.defer(
                () -> new Opening().open(request, subprotocol, permitted, (in, out) -> messages(request, in, out)));
    }

    /**
     * Sends one message as text, and closes. Completes when the other side has answered the closing, which it does after it has
     * read the message. What it says meanwhile is not listened to. Ends with the same errors; after {@link OutboundException#sent}
     * nobody knows whether the message was read.
     */
    public Mono<Void> send(OutboundRequest request, String subprotocol, byte[] text, BooleanSupplier permitted) {
        return Mono.defer(() -> new Opening()
                .open(request, subprotocol, permitted, (in, out) -> sent(request.timeout(), text, in, out))
                .then());
    }

    /** Closes all of them. Does not wait. */
    @Override
    public void close() {
        connections.close();
    }

    private Flux<byte[]> messages(OutboundRequest request, WebsocketInbound in, WebsocketOutbound out) {
        UnreadableFrame unreadable = new UnreadableFrame();
        in.withConnection(connection -> connection.addHandlerLast(unreadable));
        Flux<WebSocketFrame> frames =
                in.aggregateFrames(request.maxResponseBytes()).receiveFrames();
        Mono<Void> pings = out.sendObject(Mono.delay(ping).repeat().map(tick -> new PingWebSocketFrame()))
                .then();
        return Silence.bounded(frames, ping.multipliedBy(MOST_UNANSWERED))
                .<byte[]>handle((frame, sink) -> {
                    // Pongs say that somebody is there, and nothing else.
                    if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
                        sink.next(ByteBufUtil.getBytes(frame.content()));
                    }
                })
                .takeUntilOther(pings)
                .concatWith(
                        closed(in).switchIfEmpty(Mono.defer(unreadable::orLost)).then(Mono.empty()));
    }

    /** What the other side says when it closes; nothing when it does not say a word. */
    private static Mono<WebSocketCloseStatus> closed(WebsocketInbound in) {
        return in.receiveCloseStatus().filter(status -> !status.equals(WebSocketCloseStatus.ABNORMAL_CLOSURE));
    }

    private static Mono<byte[]> sent(Duration limit, byte[] text, WebsocketInbound in, WebsocketOutbound out) {
        WebSocketCloseStatus normal = WebSocketCloseStatus.NORMAL_CLOSURE;
        Mono<Void> written = out.sendObject(Flux.<WebSocketFrame>just(
                        new TextWebSocketFrame(Unpooled.wrappedBuffer(text)), new CloseWebSocketFrame(normal)))
                .then();
        Mono<Void> closed = in.receive()
                .then(closed(in))
                .switchIfEmpty(Mono.error(() ->
                        new OutboundException(Kind.RESET, true, "The connection was lost before it was closed.", null)))
                .then();
        return written.then(closed).timeout(limit).then(Mono.empty());
    }

    /** What becomes of one WebSocket; use it once. */
    private final class Opening {

        private final AtomicBoolean sent = new AtomicBoolean();
        private final HeldConnection held = new HeldConnection();
        private final Sinks.Empty<Void> begun = Sinks.empty();

        Flux<byte[]> open(
                OutboundRequest request,
                String subprotocol,
                BooleanSupplier permitted,
                BiFunction<WebsocketInbound, WebsocketOutbound, Publisher<byte[]>> handler) {
            Mono<Void> late = Mono.delay(request.timeout())
                    .takeUntilOther(begun.asMono())
                    .<Void>flatMap(tick -> Mono.error(new TimeoutException("No WebSocket was opened in time")))
                    .switchIfEmpty(Mono.never());
            return connections
                    .using(
                            request,
                            OutboundProtocol.HTTP1,
                            client -> prepared(client, request, permitted)
                                    .websocket(spec(request, subprotocol))
                                    .uri(URI.create(address(request.uri())))
                                    .handle((in, out) -> {
                                        held.answered();
                                        begun.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
                                        return handler.apply(in, out);
                                    }))
                    .takeUntilOther(late)
                    .doFinally(end -> held.execute(held::close))
                    .cancelOn(Schedulers.fromExecutor(held::execute))
                    .onErrorMap(error -> translate(error, request));
        }

        private HttpClient prepared(HttpClient client, OutboundRequest request, BooleanSupplier permitted) {
            return client.doOnRequest((head, connection) -> held.hold(connection))
                    .headers(headers -> request.headers().forEach(headers::set))
                    .headersWhen(headers -> permitted.getAsBoolean() ? allowed(headers) : withdrawn());
        }

        private Mono<HttpHeaders> allowed(HttpHeaders headers) {
            sent.set(true);
            return Mono.just(headers);
        }

        private Throwable translate(Throwable error, OutboundRequest request) {
            if (held.isUnanswered() && OutboundErrors.isIdentity(error)) {
                return OutboundErrors.identity(error, request);
            }
            if (error instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
                OutboundHead head = head(refused);
                return head.status() <= LARGEST_STATUS
                        ? new HandshakeException(head)
                        : new OutboundException(Kind.MALFORMED, sent.get(), "The response is not HTTP.", refused);
            }
            return OutboundErrors.translate(error, sent.get());
        }
    }

    private static WebsocketClientSpec spec(OutboundRequest request, String subprotocol) {
        WebsocketClientSpec.Builder spec =
                WebsocketClientSpec.builder().maxFramePayloadLength(request.maxResponseBytes());
        return subprotocol.isEmpty()
                ? spec.build()
                : spec.protocols(subprotocol).build();
    }

    private static <T> Mono<T> withdrawn() {
        return Mono.error(
                () -> new OutboundException(Kind.WITHDRAWN, false, "The WebSocket may not be opened any more.", null));
    }

    private static String address(URI uri) {
        return "ws" + uri.toString().substring("http".length());
    }

    private static OutboundHead head(WebSocketClientHandshakeException refused) {
        var response = Objects.requireNonNull(refused.response());
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : response.headers().names()) {
            headers.put(name.toLowerCase(Locale.ROOT), response.headers().getAll(name));
        }
        return new OutboundHead(response.status().code(), Map.copyOf(headers));
    }
}
