package dev.sluice.gateway.routing;

import dev.sluice.shared.outbound.HeldConnection;
import dev.sluice.shared.outbound.Unprocessed;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.Context;

/**
 * One attempt to pass an exchange on: the request as it comes, the answer as it comes, each no faster than the other side
 * takes it. Cancelling it closes the connection (resets the stream on HTTP/2).
 */
final class Forwarding {

    /** Answers of up to so many bytes are written at once. */
    private static final int SMALL = 8 * 1024;

    private static final int MAX_DIGITS = 18;
    private static final Set<Integer> BODILESS = Set.of(204, 304);

    private final HeldConnection held = new HeldConnection();
    private final ServerWebExchange exchange;
    private final Destination destination;
    private final boolean last;
    private final HttpMethod method;
    private final HttpServerRequest inbound;
    private final Patience patience;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile boolean sent;
    private volatile boolean answered;

    /**
     * Nothing is sent before it is subscribed to.
     *
     * @param last whether there is no other attempt after it, so that any answer will do
     */
    Forwarding(ServerWebExchange exchange, Destination destination, boolean last) {
        this.exchange = exchange;
        this.destination = destination;
        this.last = last;
        this.inbound = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        this.method = inbound.method();
        this.patience = new Patience(held::breakOff, this::isClientSlow);
    }

    /** An upstream is not well, and says so before it has done anything. */
    static final class Unwell extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unwell(int status) {
            super("status " + status, null, false, false);
        }
    }

    /**
     * Ends when the answer is written, or with what went wrong. One operator does what would take ten.
     */
    Mono<Void> run() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                begin(actual);
            }
        };
    }

    private void begin(CoreSubscriber<? super Void> actual) {
        Flux<Void> attempt;
        try {
            destination.begin();
        } catch (RuntimeException refused) {
            Operators.error(actual, refused);
            return;
        }
        try {
            attempt = destination
                    .client()
                    .doOnRequest((head, connection) -> begun(connection))
                    .request(method)
                    .uri(destination.target())
                    .send(this::send)
                    .responseConnection(this::answer);
        } catch (RuntimeException unusable) {
            settle(destination::withdrawn);
            Operators.error(actual, unusable);
            return;
        }
        attempt.subscribe(new Outcome(actual));
    }

    /** What becomes of the attempt; a cancellation is moved to the event loop of its connection. */
    private final class Outcome implements CoreSubscriber<Void>, Subscription {

        private final CoreSubscriber<? super Void> actual;
        private final Context context;
        private @Nullable Subscription exchange;

        Outcome(CoreSubscriber<? super Void> actual) {
            this.actual = actual;
            this.context = actual.currentContext();
        }

        /** Looked for once: it is asked for dozens of times, and two dozen operators away. */
        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            exchange = subscription;
            actual.onSubscribe(this);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {
            throw new IllegalStateException("there is none");
        }

        @Override
        public void onError(Throwable error) {
            held.close();
            Throwable cause = patience.isLost() ? late(error) : held.isUnprocessed() ? new Unprocessed(error) : error;
            settle(() -> destination.failed(cause));
            actual.onError(cause);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        /** All of it is wanted from the start. */
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            settle(destination::withdrawn);
            held.execute(this::cancelThere);
        }

        private void cancelThere() {
            held.close();
            if (exchange != null) {
                exchange.cancel();
            }
        }
    }

    /**
     * Whether another attempt may fare better and cannot do harm: nothing was sent, or nothing that has an effect, or the server
     * said that it had none. A body is gone then.
     */
    boolean isRepeatable(Throwable error) {
        if (error instanceof Unprocessed) {
            return !answered && !hasBody();
        }
        return !last
                && !answered
                && (!sent || isSafe())
                && (error instanceof IOException || error instanceof AbortedException || error instanceof Unwell);
    }

    /** Once, whatever ends it first. */
    private void settle(Runnable outcome) {
        if (settled.compareAndSet(false, true)) {
            outcome.run();
        }
    }

    private void begun(Connection connection) {
        held.hold(connection);
        patience.start(connection.channel().eventLoop(), destination.headTimeout());
    }

    private Publisher<Void> send(HttpClientRequest request, NettyOutbound out) {
        sent = true;
        io.netty.handler.codec.http.HttpHeaders headers = request.requestHeaders();
        headers.remove(HttpHeaderNames.USER_AGENT).remove(HttpHeaderNames.ACCEPT);
        HopHeaders.copy(inbound.requestHeaders(), headers::add);
        if (inbound.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        destination.request(headers);
        return hasBody() ? out.send(body()) : out;
    }

    private Flux<ByteBuf> body() {
        return exchange.getRequest().getBody().map(buffer -> {
            patience.heard();
            return NettyDataBufferFactory.toByteBuf(buffer);
        });
    }

    private Publisher<Void> answer(HttpClientResponse head, Connection connection) {
        int status = head.status().code();
        if (!last && isSafe() && (status == 502 || status == 503 || status == 504)) {
            return Mono.error(new Unwell(status));
        }
        answered = true;
        settle(() -> destination.answered(status));
        wait(connection);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        HttpHeaders headers = response.getHeaders();
        HopHeaders.copy(head.responseHeaders(), (name, value) -> headers.add(name.toString(), value.toString()));
        destination.response(headers);
        return write(head, connection, response).doFinally(signal -> patience.stop());
    }

    /** For the body. */
    private void wait(Connection connection) {
        var limit = destination.bodyTimeout();
        if (limit == null) {
            patience.stop();
        } else {
            patience.start(connection.channel().eventLoop(), limit);
        }
    }

    @SuppressWarnings("NestedPublishers") // the shape of Spring's contract
    private Mono<Void> write(HttpClientResponse head, Connection connection, ServerHttpResponse response) {
        if (HttpMethod.HEAD.equals(method) || BODILESS.contains(head.status().code())) {
            return connection.inbound().receive().then(Mono.defer(response::setComplete));
        }
        NettyDataBufferFactory buffers = (NettyDataBufferFactory) response.bufferFactory();
        long length = length(head.responseHeaders());
        if (length >= 0 && length <= SMALL) {
            return response.writeWith(
                    connection.inbound().receive().aggregate().retain().map(buffers::wrap));
        }
        Flux<DataBuffer> parts = connection.inbound().receive().retain().map(part -> {
            patience.heard();
            return buffers.wrap(part);
        });
        if (length >= 0) {
            return response.writeWith(parts);
        }
        // Nobody knows when the next part comes, nor the first: head and parts are sent on at once, each by itself.
        return response.writeAndFlushWith(parts.map(Mono::just).startWith(Mono.just(buffers.allocateBuffer(0))));
    }

    private boolean hasBody() {
        io.netty.handler.codec.http.HttpHeaders headers = inbound.requestHeaders();
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || length(headers) > 0;
    }

    private boolean isSafe() {
        return !hasBody()
                && (HttpMethod.GET.equals(method)
                        || HttpMethod.HEAD.equals(method)
                        || HttpMethod.OPTIONS.equals(method));
    }

    /** What the upstream sends then is not taken from it. */
    private boolean isClientSlow() {
        boolean[] writable = {true};
        HttpServerResponse outbound = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        outbound.withConnection(client -> writable[0] = client.channel().isWritable());
        return !writable[0];
    }

    private static long length(io.netty.handler.codec.http.HttpHeaders headers) {
        @Nullable String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null
                        || length.isEmpty()
                        || length.length() > MAX_DIGITS
                        || !length.chars().allMatch(Forwarding::isDigit)
                ? -1
                : Long.parseLong(length);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static Throwable late(Throwable error) {
        TimeoutException late = new TimeoutException("nothing came for too long");
        late.initCause(error);
        return late;
    }
}
