package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** Exchanges over {@link OutboundConnections}, bounded in number, time and size. Thread-safe. */
public final class OutboundClient implements AutoCloseable {

    /** The request's own timeout ends the wait before. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    /** Of what a server did not process; it may be on its way out, or have too much to do. */
    private static final int MOST_REPETITIONS = 2;

    private static final Duration PAUSE = Duration.ofMillis(25);

    private final OutboundSettings settings;
    private final OutboundConnections connections;
    private final AtomicInteger underWay = new AtomicInteger();

    /** A client that resolves names by DNS (and the hosts file). */
    public OutboundClient(OutboundSettings settings, OutboundAccess access) {
        this(settings, new OutboundConnections(settings, access, MAX_WAIT));
    }

    OutboundClient(
            OutboundSettings settings,
            OutboundAccess access,
            AddressResolverGroup<InetSocketAddress> resolver,
            Consumer<SslContextBuilder> tls) {
        this(settings, new OutboundConnections(settings, access, MAX_WAIT, resolver, tls));
    }

    private OutboundClient(OutboundSettings settings, OutboundConnections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /**
     * Sends a request and collects its response. Nothing happens before subscription; each subscription sends anew.
     *
     * <p>Cancelling closes the connection (resets the stream on HTTP/2), so does the request's timeout.
     *
     * @return the response, whatever its status, or an {@link OutboundException}. At the client's bounds it fails at
     *     once with {@link Kind#CAPACITY}.
     */
    public Mono<OutboundResponse> exchange(OutboundRequest request) {
        return exchange(request, () -> true);
    }

    /**
     * The same, unless the request may not be sent any more by the time there is a connection for it.
     *
     * @param permitted asked right before the request is written, on an event loop; when it says no, the exchange fails with
     *     {@link Kind#WITHDRAWN}
     */
    public Mono<OutboundResponse> exchange(OutboundRequest request, BooleanSupplier permitted) {
        return Mono.using(this::enter, entered -> admitted(request, permitted), entered -> underWay.decrementAndGet());
    }

    /**
     * Sends a request and reads its response as it comes: the socket is read as fast as what {@code reader} makes of the body is
     * asked for, however long that is. Nothing happens before subscription; each subscription sends anew.
     *
     * <p>The request's timeout is for the head alone, and its bound of the response does not count. The exchange is one of those
     * under way to its end. When the reader has enough, or the subscription is cancelled, the connection is closed unless the
     * response is complete (the stream is reset on HTTP/2).
     *
     * @param silence   longest time that nothing comes of the body while it is asked for
     * @param permitted as in {@link #exchange(OutboundRequest, BooleanSupplier)}
     * @param reader    what to make of a head and a body, whose arrays are the reader's own; subscribes to the body once at most
     * @return what the reader makes of it, also of errors, or an {@link OutboundException}
     */
    public <T> Flux<T> stream(
            OutboundRequest request,
            Duration silence,
            BooleanSupplier permitted,
            BiFunction<OutboundHead, Flux<byte[]>, Publisher<T>> reader) {
        return Flux.using(
                this::enter,
                entered -> streamed(request, silence, permitted, reader),
                entered -> underWay.decrementAndGet());
    }

    private <T> Flux<T> streamed(
            OutboundRequest request,
            Duration silence,
            BooleanSupplier permitted,
            BiFunction<OutboundHead, Flux<byte[]>, Publisher<T>> reader) {
        AtomicBoolean sent = new AtomicBoolean();
        Sinks.Empty<Void> begun = Sinks.empty();
        HeldConnection held = new HeldConnection();
        Mono<Void> late = Mono.delay(request.timeout())
                .takeUntilOther(begun.asMono())
                .<Void>flatMap(tick -> Mono.error(new TimeoutException("There was no response in time")))
                .switchIfEmpty(Mono.never());
        return connections
                .using(
                        request,
                        request.protocol(),
                        client -> prepared(client, request, permitted, sent, held)
                                .response((head, body) -> {
                                    begun.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
                                    Flux<byte[]> read = Silence.bounded(body.asByteArray(), silence)
                                            .onErrorMap(error -> OutboundErrors.translate(error, true));
                                    return Flux.from(reader.apply(head(head), read))
                                            .onErrorMap(ReaderFailure::new);
                                }))
                .takeUntilOther(late)
                .doFinally(end -> held.execute(held::close))
                .cancelOn(Schedulers.fromExecutor(held::execute))
                .onErrorMap(
                        error -> held.isUnanswered() && OutboundErrors.isIdentity(error),
                        error -> OutboundErrors.identity(error, request))
                .onErrorMap(error -> error instanceof ReaderFailure failure
                        ? failure.failure
                        : OutboundErrors.translate(
                                held.isUnprocessed() ? unprocessed(error, sent) : error, sent.get()));
    }

    /** Exchanges under way, and certificates that they show. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() ->
                List.of(Bound.refusing("calls", settings.maxExchanges(), underWay.get()), connections.certificates()));
    }

    /** Closes all connections; exchanges under way fail with {@link Kind#RESET}. Does not wait. */
    @Override
    public void close() {
        connections.close();
    }

    private int enter() {
        int now = underWay.incrementAndGet();
        if (now > settings.maxExchanges()) {
            underWay.decrementAndGet();
            throw new OutboundException(Kind.CAPACITY, false, "Too many outgoing requests are under way.", null);
        }
        return now;
    }

    /** What a server of HTTP/2 says it did not process is sent again, within the request's time. */
    private Mono<OutboundResponse> admitted(OutboundRequest request, BooleanSupplier permitted) {
        AtomicBoolean sent = new AtomicBoolean();
        return attempt(request, permitted, sent, 0)
                .timeout(request.timeout())
                .onErrorMap(error -> OutboundErrors.translate(error, sent.get()));
    }

    private Mono<OutboundResponse> attempt(
            OutboundRequest request, BooleanSupplier permitted, AtomicBoolean sent, int repetitions) {
        Mono<OutboundResponse> attempt = attempt(request, permitted, sent);
        return repetitions == MOST_REPETITIONS
                ? attempt
                : attempt.onErrorResume(
                        Unprocessed.class,
                        refused -> Mono.delay(PAUSE)
                                .then(Mono.defer(() -> attempt(request, permitted, sent, repetitions + 1))));
    }

    private Mono<OutboundResponse> attempt(OutboundRequest request, BooleanSupplier permitted, AtomicBoolean sent) {
        HeldConnection held = new HeldConnection();
        return connections
                .using(
                        request,
                        request.protocol(),
                        client -> prepared(client, request, permitted, sent, held)
                                .responseConnection((head, connection) -> collect(request, head, connection)))
                .single()
                .doOnError(error -> held.close())
                .doOnCancel(held::close)
                .cancelOn(Schedulers.fromExecutor(held::execute))
                .onErrorMap(
                        error -> held.isUnanswered() && OutboundErrors.isIdentity(error),
                        error -> OutboundErrors.identity(error, request))
                .onErrorMap(error -> held.isUnprocessed(), error -> unprocessed(error, sent));
    }

    private HttpClient.ResponseReceiver<?> prepared(
            HttpClient client,
            OutboundRequest request,
            BooleanSupplier permitted,
            AtomicBoolean sent,
            HeldConnection held) {
        return client.doOnRequest((head, connection) -> held.hold(connection))
                .doOnResponse((head, connection) -> held.answered())
                .headers(headers -> write(request, headers))
                .request(HttpMethod.valueOf(request.method()))
                .uri(request.uri())
                .send((head, out) -> permitted.getAsBoolean() ? send(request, out, sent) : withdrawn());
    }

    private static Unprocessed unprocessed(Throwable error, AtomicBoolean sent) {
        sent.set(false);
        return new Unprocessed(error);
    }

    private static Mono<Void> withdrawn() {
        return Mono.error(
                () -> new OutboundException(Kind.WITHDRAWN, false, "The request may not be sent any more.", null));
    }

    private static Publisher<Void> send(OutboundRequest request, NettyOutbound out, AtomicBoolean sent) {
        sent.set(true);
        byte[] body = request.body();
        return body == null ? out : out.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    }

    private static void write(OutboundRequest request, HttpHeaders headers) {
        headers.set(HttpHeaderNames.USER_AGENT, "Sluice");
        request.headers().forEach(headers::set);
        if (request.protocol() == OutboundProtocol.HTTP2) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        byte[] body = request.body();
        if (body != null) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        } else if (List.of("POST", "PUT", "PATCH").contains(request.method())) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
    }

    private static Mono<OutboundResponse> collect(
            OutboundRequest request, HttpClientResponse head, Connection connection) {
        boolean bodiless = "HEAD".equals(request.method()) || head.status().code() == 304;
        long announced = bodiless ? -1 : announced(head.responseHeaders());
        Mono<HttpHeaders> trailers = request.protocol() == OutboundProtocol.HTTP2
                ? head.trailerHeaders().defaultIfEmpty(EmptyHttpHeaders.INSTANCE)
                : Mono.just(EmptyHttpHeaders.INSTANCE);
        return Mono.defer(
                () -> read(new ResponseBody(request.maxResponseBytes(), announced), head, trailers, connection));
    }

    private static Mono<OutboundResponse> read(
            ResponseBody body, HttpClientResponse head, Mono<HttpHeaders> trailers, Connection connection) {
        return connection
                .inbound()
                .receive()
                .doOnNext(body::add)
                .then(trailers)
                .map(last -> new OutboundResponse(
                        head.status().code(), values(head.responseHeaders()), body.toBytes(), values(last)));
    }

    private static OutboundHead head(HttpClientResponse head) {
        return new OutboundHead(head.status().code(), values(head.responseHeaders()));
    }

    private static Map<String, List<String>> values(HttpHeaders headers) {
        Map<String, List<String>> values = new TreeMap<>();
        headers.forEach(
                header -> values.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(header.getValue()));
        values.replaceAll((name, each) -> List.copyOf(each));
        return Map.copyOf(values);
    }

    private static long announced(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || !length.matches("[0-9]{1,18}") ? -1 : Long.parseLong(length);
    }

    /** What a reader ended with is its own. */
    private static final class ReaderFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Throwable failure;

        ReaderFailure(Throwable failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }
}
