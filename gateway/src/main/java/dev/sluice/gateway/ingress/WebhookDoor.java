package dev.sluice.gateway.ingress;

import dev.sluice.gateway.admission.Admission;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.BoundedBody;
import dev.sluice.shared.web.ProblemResponses;
import dev.sluice.shared.web.RequestIdentity;
import dev.sluice.shared.web.WrongMethod;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/**
 * Where webhooks come in: {@code POST /hooks/{token}}. It stands in front of the filters and handlers of the API and makes
 * the checks it needs itself, in the order of their cost. The answer 202 goes out after the event's commit.
 */
public final class WebhookDoor implements HttpHandler {

    /** What the paths of the door begin with. */
    public static final String PATH = "/hooks/";

    /** As {@code SecretTokens} makes them. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final EndpointService endpoints;
    private final Admission admission;
    private final Ingestion ingestion;
    private final Predicate<OrganizationId> closed;
    private final int maxBody;

    /**
     * A door to the given endpoints, for bodies of up to so much.
     *
     * @param closed whose endpoints are there no more
     */
    public WebhookDoor(
            EndpointService endpoints,
            Admission admission,
            Ingestion ingestion,
            Predicate<OrganizationId> closed,
            DataSize maxBody) {
        this.endpoints = endpoints;
        this.admission = admission;
        this.ingestion = ingestion;
        this.closed = closed;
        this.maxBody = (int) maxBody.toBytes();
    }

    @Override
    public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
        RequestIdentity identity = RequestIdentity.of(request.getHeaders());
        return Mono.defer(() -> receive(request, response))
                .flatMap(receipt -> accepted(receipt, response, identity))
                .onErrorResume(error -> ProblemResponses.write(response, error, identity))
                .contextWrite(identity::in);
    }

    private Mono<Receipt> receive(ServerHttpRequest request, ServerHttpResponse response) {
        if (!HttpMethod.POST.equals(request.getMethod())) {
            return Mono.error(WrongMethod.of(response, HttpMethod.POST));
        }
        return endpoints.door(token(request)).map(this::known).flatMap(door -> enter(door, request, response));
    }

    private Mono<Receipt> enter(Door door, ServerHttpRequest request, ServerHttpResponse response) {
        admission.admitDelivery(door.endpoint(), response.getHeaders());
        DeliveryReader.checkContentType(door, request.getHeaders());
        Mono<byte[]> body = BoundedBody.read(request, maxBody);
        long announced = request.getHeaders().getContentLength();
        int room = announced < 0 ? maxBody : (int) Math.min(announced, maxBody);
        return ingestion.take(door, request.getHeaders(), room, body, response.getHeaders());
    }

    private static String token(ServerHttpRequest request) {
        String token = request.getURI().getRawPath().substring(PATH.length());
        if (!TOKEN.matcher(token).matches()) {
            // Not even looked for: made-up addresses must not cost the database anything.
            throw unknown();
        }
        return token;
    }

    private Door known(Optional<Door> door) {
        return door.filter(found -> !closed.test(found.organization())).orElseThrow(WebhookDoor::unknown);
    }

    private static SluiceException unknown() {
        return SluiceException.notFound("This webhook address");
    }

    private static Mono<Void> accepted(Receipt receipt, ServerHttpResponse response, RequestIdentity identity) {
        byte[] body = Json.bytes(
                Json.object().put("eventId", receipt.eventId().toString()).put("duplicate", receipt.duplicate()));
        response.setStatusCode(HttpStatus.ACCEPTED);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        response.getHeaders().set(RequestIdentity.HEADER, identity.requestId());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
