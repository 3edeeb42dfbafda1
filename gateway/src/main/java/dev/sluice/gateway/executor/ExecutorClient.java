package dev.sluice.gateway.executor;

import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.telemetry.TraceParent;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.RequestIdentity;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.ContextView;
import tools.jackson.databind.JsonNode;

/** Asks an executor on behalf of a principal. Thread-safe; cancelling closes the stream. */
public final class ExecutorClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final HttpClient http;
    private final IdentityAssertion assertion;

    /** A client that sends over the given connections and signs with the given key. */
    public ExecutorClient(ExecutorHttp http, IdentityAssertion assertion) {
        this.http = http.client();
        this.assertion = assertion;
    }

    /**
     * What became of an event, as the executor tells it; an error when it is away, slow, or answers
     * anything but 200; {@code NOT_FOUND} when it knows no such event of the principal's organization.
     */
    public Mono<JsonNode> runsOf(Principal principal, UUID event) {
        return get(principal, "/v1/events/" + event + "/runs");
    }

    /** The pressure on an executor, as the principal may see it; the same errors. */
    public Mono<JsonNode> pressure(Principal principal) {
        return get(principal, "/v1/pressure");
    }

    private Mono<JsonNode> get(Principal principal, String target) {
        return Mono.deferContextual(context -> http.headers(headers -> identify(headers, principal, target, context))
                        .get()
                        .uri(target)
                        .response(ExecutorClient::read)
                        .single())
                .timeout(TIMEOUT);
    }

    private void identify(HttpHeaders headers, Principal principal, String target, ContextView context) {
        headers.set(IdentityAssertion.HEADER, assertion.sign(principal, "GET", target));
        RequestIdentity.find(context).ifPresent(identity -> {
            headers.set(RequestIdentity.HEADER, identity.requestId());
            headers.set(TraceParent.HEADER, identity.trace().toString());
        });
    }

    private static Mono<JsonNode> read(HttpClientResponse response, ByteBufFlux body) {
        if (response.status().code() == 404) {
            return Mono.error(() -> SluiceException.notFound("The event"));
        }
        if (response.status().code() != 200) {
            return Mono.error(ExecutorClient::improper);
        }
        return body.asByteArray()
                .collect(ByteArrayOutputStream::new, ExecutorClient::append)
                .map(text -> Json.read(text.toByteArray()));
    }

    private static void append(ByteArrayOutputStream text, byte[] part) {
        if (text.size() + part.length > MAX_BYTES) {
            throw improper();
        }
        text.writeBytes(part);
    }

    private static SluiceException improper() {
        return new SluiceException(ProblemType.BAD_GATEWAY, "An executor did not answer properly.");
    }
}
