package dev.sluice.gateway.routing;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.client.HttpClient;

/** Where one exchange is passed on to, and on which terms. */
interface Destination {

    /** Under which an exchange has its own. */
    String ATTRIBUTE = Destination.class.getName();

    /** The one that a filter in front chose. */
    static Destination of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** Connects there, whatever is asked for. */
    HttpClient client();

    /** Path and query as they go over the wire. */
    String target();

    /** Until the head of the answer comes. */
    Duration headTimeout();

    /** Between two parts of its body; absent for ever. */
    @Nullable
    Duration bodyTimeout();

    /** How often it may be tried again. */
    int retries();

    /** Completes the headers of the request, from which those of the client's connection are gone. */
    void request(HttpHeaders headers);

    /** Completes those of the answer, from which those of the connection it came on are gone. */
    void response(org.springframework.http.HttpHeaders headers);

    /** Before something is sent there, each time; an error when nothing may be. One of the others follows. */
    void begin();

    /** It answered. */
    void answered(int status);

    /** It did not. */
    void failed(Throwable error);

    /** Whoever asked did not wait for it. */
    void withdrawn();

    /** What whoever asked is told about an error. */
    Throwable explain(Throwable error);
}
