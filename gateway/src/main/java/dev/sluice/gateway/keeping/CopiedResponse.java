package dev.sluice.gateway.keeping;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Copies an answer on its way, if it may be kept and is not too long; the client does not wait for that. */
final class CopiedResponse extends ServerHttpResponseDecorator {

    /** Longer ones are not kept: the copy is in memory until the last byte has come. */
    static final int MAX_BYTES = 128 * 1024;

    /** Said anew each time. */
    private static final Set<String> OURS = Set.of(
            "ratelimit", "ratelimit-policy", "cache-status", "x-request-id", "age", "connection", "transfer-encoding");

    /** More answers at once are not copied, so that all copies under way have 25 MB at most. */
    static final int MAX_COPIES = 200;

    private final AtomicInteger copies;
    private final Time time;
    private final Whole whole;

    /** How long an answer may be kept; empty for not at all. */
    interface Time {
        Optional<Duration> of(int status, HttpHeaders headers);
    }

    /** Is given an answer that came to its end. */
    interface Whole {
        void came(List<Map.Entry<String, String>> headers, byte[] body, Duration time);
    }

    /**
     * Around a response.
     *
     * @param copies under way on this node
     */
    CopiedResponse(ServerHttpResponse response, AtomicInteger copies, Time time, Whole whole) {
        super(response);
        this.copies = copies;
        this.time = time;
        this.whole = whole;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        @Nullable Copy copy = copy();
        if (copy == null) {
            return super.writeWith(body);
        }
        // A Mono stays one: it is written in one piece.
        return super.writeWith(
                        body instanceof Mono<? extends DataBuffer> one
                                ? one.doOnNext(copy::add)
                                : Flux.from(body).doOnNext(copy::add))
                .doOnSuccess(written -> copy.end())
                .doFinally(end -> copies.decrementAndGet());
    }

    @Override
    @SuppressWarnings("NestedPublishers") // the shape of Spring's contract
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        @Nullable Copy copy = copy();
        return copy == null
                ? super.writeAndFlushWith(body)
                : super.writeAndFlushWith(
                                Flux.from(body).map(part -> Flux.from(part).doOnNext(copy::add)))
                        .doOnSuccess(written -> copy.end())
                        .doFinally(end -> copies.decrementAndGet());
    }

    private @Nullable Copy copy() {
        HttpStatusCode status = getStatusCode();
        HttpHeaders headers = getHeaders();
        boolean fits = headers.getContentLength() <= MAX_BYTES;
        Optional<Duration> keep = fits ? time.of(status == null ? 200 : status.value(), headers) : Optional.empty();
        return keep.isPresent() && reserve() ? new Copy(keep.get()) : null;
    }

    /** As they are before the answer begins: what is added then, such as for a page of one origin, is for this client. */
    private List<Map.Entry<String, String>> theirs() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        getHeaders()
                .forEach((name, values) -> values.stream()
                        .filter(value -> !OURS.contains(name.toLowerCase(Locale.ROOT)))
                        .forEach(value -> headers.add(Map.entry(name, value))));
        return headers;
    }

    private boolean reserve() {
        if (copies.incrementAndGet() <= MAX_COPIES) {
            return true;
        }
        copies.decrementAndGet();
        return false;
    }

    /** Of one answer; not thread-safe. */
    private final class Copy {

        private final Duration keep;
        private final List<Map.Entry<String, String>> headers;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean tooLong;

        Copy(Duration keep) {
            this.keep = keep;
            this.headers = theirs();
        }

        void add(DataBuffer buffer) {
            int length = buffer.readableByteCount();
            tooLong |= bytes.size() + length > MAX_BYTES;
            if (!tooLong) {
                ByteBuffer part = ByteBuffer.allocate(length);
                buffer.toByteBuffer(part);
                bytes.writeBytes(part.array());
            }
        }

        void end() {
            if (!tooLong) {
                whole.came(headers, bytes.toByteArray(), keep);
            }
        }
    }
}
