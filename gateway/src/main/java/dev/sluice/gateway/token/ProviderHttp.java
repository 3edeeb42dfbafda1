package dev.sluice.gateway.token;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;

/**
 * Asks identity providers: answers of at most {@value #MAX_BYTES} bytes, within {@link #LIMIT} from the connection to the last
 * byte; redirects are not followed. Thread-safe.
 */
public final class ProviderHttp {

    /** For a whole exchange; after it a {@link java.util.concurrent.TimeoutException}. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 1 << 20;

    private final HttpClient client;

    /** With this client. */
    public ProviderHttp(HttpClient client) {
        this.client = client.responseTimeout(LIMIT);
    }

    /** An answer of whatever status. */
    @SuppressWarnings("ArrayRecordComponent") // read at once and let go; never compared
    public record Answer(int status, byte[] body) {

        /** Without the body, which may hold a secret. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /** The body of an answer that must be 200. */
    Mono<byte[]> get(String address) {
        return get(address, Map.of()).map(answer -> {
            if (answer.status() != 200) {
                throw new IllegalStateException(address + " answered " + answer.status());
            }
            return answer.body();
        });
    }

    /** Whatever is there. */
    public Mono<Answer> get(String address, Map<String, String> headers) {
        return client.headers(all -> headers.forEach(all::set))
                .get()
                .uri(address)
                .response((response, content) -> read(response.status().code(), content))
                .single()
                .timeout(LIMIT);
    }

    /** What a form is answered with. */
    public Mono<Answer> post(String address, Map<String, String> headers, String form) {
        return client.headers(all -> {
                    headers.forEach(all::set);
                    all.set("Content-Type", "application/x-www-form-urlencoded");
                })
                .post()
                .uri(address)
                .send(ByteBufMono.fromString(Mono.just(form)))
                .response((response, content) -> read(response.status().code(), content))
                .single()
                .timeout(LIMIT);
    }

    private static Mono<Answer> read(int status, ByteBufFlux content) {
        return content.asByteArray()
                .collect(ByteArrayOutputStream::new, ProviderHttp::append)
                .map(all -> new Answer(status, all.toByteArray()));
    }

    private static void append(ByteArrayOutputStream all, byte[] part) {
        if (all.size() + part.length > MAX_BYTES) {
            throw new IllegalStateException("the answer has more than " + MAX_BYTES + " bytes");
        }
        all.writeBytes(part);
    }
}
