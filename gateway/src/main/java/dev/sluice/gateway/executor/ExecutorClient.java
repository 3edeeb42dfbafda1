package dev.sluice.gateway.executor;

import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.telemetry.TraceParent;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.RequestIdentity;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.ContextView;
import tools.jackson.databind.JsonNode;

/** Asks an executor on behalf of a principal. Thread-safe; cancelling closes the stream. */
public final class ExecutorClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    /** A statement, and the way. */
    private static final Duration STEP = Duration.ofSeconds(12);

    /** Longer than a reader who stalls is waited for. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final UUID NOBODY = new UUID(0, 0);
    private static final String EXPORT = "/v1/export";
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Executors executors;
    private final IdentityAssertion assertion;
    private final Maskings maskings;

    /** A client that asks any of the executors and signs with the given key. */
    public ExecutorClient(Executors executors, IdentityAssertion assertion, Maskings maskings) {
        this.executors = executors;
        this.assertion = assertion;
        this.maskings = maskings;
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

    /**
     * All that executors keep for the principal's organization, as it comes: lines of an export, cut anywhere. Not read when nobody
     * asks for more; an error when it breaks off, which its last line tells too.
     */
    public Flux<byte[]> export(Principal principal) {
        return Flux.deferContextual(context -> executors
                        .choose()
                        .client()
                        .headers(headers -> identify(headers, principal.masked(false), "GET", EXPORT, context))
                        .get()
                        .uri(EXPORT)
                        .response((response, body) -> response.status().code() == 200
                                ? body.asByteArray()
                                : Flux.error(ExecutorClient::improper)))
                .timeout(IDLE)
                .onErrorMap(error -> !(error instanceof SluiceException), ExecutorClient::away);
    }

    /** What an executor is to do about an organization that is closed. */
    public enum ErasureVerb {
        HOLD,
        RELEASE,
        FORGET
    }

    /**
     * What a step of an erasure came to.
     *
     * @param erased rows that went
     * @param walked whether it got to the end of all tables
     * @param clean  whether nothing was found on all that way
     * @param counts rows of each table that went so far
     */
    public record ErasureStep(long erased, boolean walked, boolean clean, JsonNode counts) {}

    /** Has an executor do that; may be done again. */
    public Mono<Void> erasure(OrganizationId organization, ErasureVerb verb) {
        return post(organization, "/v1/erasure:" + verb.name().toLowerCase(Locale.ROOT))
                .then();
    }

    /** Has an executor delete up to so many rows of a closed organization; may be done again. */
    public Mono<ErasureStep> erase(OrganizationId organization, int rows) {
        return post(organization, "/v1/erasure?rows=" + rows)
                .map(json -> new ErasureStep(
                        json.path("erased").asLong(),
                        json.path("walked").asBoolean(),
                        json.path("clean").asBoolean(),
                        json.path("counts")));
    }

    /** The gateway itself asks, on behalf of nobody. */
    private Mono<JsonNode> post(OrganizationId organization, String target) {
        Principal itself = new Principal(organization, NOBODY, Principal.Scope.PLATFORM);
        return Mono.deferContextual(context -> executors
                        .choose()
                        .client()
                        .headers(headers -> identify(headers, itself, "POST", target, context))
                        .post()
                        .uri(target)
                        .response(ExecutorClient::read)
                        .single())
                .timeout(STEP)
                .onErrorMap(error -> !(error instanceof SluiceException), ExecutorClient::away);
    }

    private Mono<JsonNode> get(Principal reader, String target) {
        return maskings.told(reader).flatMap(told -> ask(told, target));
    }

    private Mono<JsonNode> ask(Principal principal, String target) {
        return Mono.deferContextual(context -> executors
                        .choose()
                        .client()
                        .headers(headers -> identify(headers, principal, "GET", target, context))
                        .get()
                        .uri(target)
                        .response(ExecutorClient::read)
                        .single())
                .timeout(TIMEOUT);
    }

    private void identify(HttpHeaders headers, Principal principal, String method, String target, ContextView context) {
        headers.set(IdentityAssertion.HEADER, assertion.sign(principal, method, target));
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

    private static SluiceException away(Throwable cause) {
        return SluiceException.unavailable("No executor could be asked.", SOON, cause);
    }

    private static SluiceException improper() {
        return new SluiceException(ProblemType.BAD_GATEWAY, "An executor did not answer properly.");
    }
}
