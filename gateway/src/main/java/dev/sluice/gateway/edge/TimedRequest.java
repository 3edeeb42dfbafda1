package dev.sluice.gateway.edge;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A request whose whole body has a time to arrive in, however steadily it trickles. */
final class TimedRequest extends ServerHttpRequestDecorator {

    private final Duration timeout;

    TimedRequest(ServerHttpRequest request, Duration timeout) {
        super(request);
        this.timeout = timeout;
    }

    /** Ends with {@link ProblemType#REQUEST_TIMEOUT} when the time is over. */
    @Override
    public Flux<DataBuffer> getBody() {
        return super.getBody().takeUntilOther(Mono.delay(timeout).then(Mono.error(TimedRequest::late)));
    }

    private static SluiceException late() {
        return new SluiceException(ProblemType.REQUEST_TIMEOUT, "Send the whole body sooner.");
    }
}
