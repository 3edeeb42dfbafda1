package dev.sluice.gateway.edge;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.stream.BreakOff;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A request as everything behind the edge sees it: its whole body has a time to arrive in, however steadily it trickles, and it
 * comes from the client, by the scheme that it used, not from the proxies in between.
 */
final class EdgeRequest extends ServerHttpRequestDecorator {

    private final Duration timeout;
    private final @Nullable InetSocketAddress client;
    private final URI uri;

    EdgeRequest(ServerHttpRequest request, Duration timeout, @Nullable InetSocketAddress client, URI uri) {
        super(request);
        this.timeout = timeout;
        this.client = client;
        this.uri = uri;
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return client;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    /** Ends with {@link ProblemType#REQUEST_TIMEOUT} when the time is over. */
    @Override
    public Flux<DataBuffer> getBody() {
        return BreakOff.when(super.getBody(), Mono.delay(timeout).then(Mono.error(EdgeRequest::late)));
    }

    private static SluiceException late() {
        return new SluiceException(ProblemType.REQUEST_TIMEOUT, "Send the whole body sooner.");
    }
}
