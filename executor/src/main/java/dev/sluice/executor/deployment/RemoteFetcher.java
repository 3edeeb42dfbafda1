package dev.sluice.executor.deployment;

import dev.sluice.executor.authentication.AuthenticationException;
import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.secret.Secrets;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundException;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Fetches documents elsewhere. At most {@value #MOST_BYTES} bytes and {@value #SECONDS} seconds each, {@value #AT_ONCE} at a time,
 * over at most {@value #MOST_HOPS} redirects, on which nobody is told who asks once they leave the host. Thread-safe.
 */
final class RemoteFetcher {

    /** Largest document, in bytes. */
    static final int MOST_BYTES = 2 << 20;

    /** Of one workflow, in bytes. */
    private static final int MOST_TOGETHER = 4 << 20;

    private static final int AT_ONCE = 4;
    private static final int MOST_HOPS = 5;
    private static final int SECONDS = 10;
    private static final int MOST_SECONDS = 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Authenticators authenticators;
    private final Secrets secrets;

    RemoteFetcher(Authenticators authenticators, Secrets secrets) {
        this.authenticators = authenticators;
        this.secrets = secrets;
    }

    /**
     * Fetches all of these; why one cannot be had is noted with the others. Completes when they are there; cancelling ends all
     * exchanges.
     *
     * @param names of the secrets that the workflow may use
     */
    Mono<Void> fetch(
            OrganizationId organization, Collection<Reference> references, Set<String> names, RemoteDocuments into) {
        return secrets.open(organization, names)
                .flatMapMany(values -> Flux.fromIterable(references)
                        .flatMap(
                                reference -> fetch(organization, reference, values)
                                        .map(found -> Map.entry(reference, found)),
                                AT_ONCE))
                // One at a time, since documents are noted by whoever fetches them.
                .concatMap(found -> {
                    note(found.getKey().uri(), found.getValue(), into);
                    return into.bytes() > MOST_TOGETHER ? Mono.<Void>error(tooMuch()) : Mono.<Void>empty();
                })
                .then();
    }

    private static SluiceException tooMuch() {
        return new SluiceException(
                ProblemType.INVALID_DOCUMENT,
                "The documents elsewhere have more than " + MOST_TOGETHER + " bytes together.");
    }

    /** What became of a reference. */
    private sealed interface Found {}

    @SuppressWarnings("ArrayRecordComponent") // never compared; it only travels to where it is noted
    private record Content(byte[] bytes) implements Found {}

    private record Failure(String reason) implements Found {}

    private static void note(URI uri, Found found, RemoteDocuments into) {
        switch (found) {
            case Content content -> into.put(uri, content.bytes());
            case Failure failure -> into.fail(uri, failure.reason());
        }
    }

    private Mono<Found> fetch(OrganizationId organization, Reference reference, Map<String, JsonNode> values) {
        return credentials(organization, reference.authentication(), values)
                .flatMap(credentials -> follow(reference.uri(), credentials, 0))
                .map(RemoteFetcher::found)
                .onErrorResume(OutboundException.class, e -> failed(e.getMessage()))
                .onErrorResume(AuthenticationException.class, e -> failed(e.getMessage()))
                .onErrorResume(ExpressionException.class, e -> failed(e.detail()))
                .onErrorResume(IllegalArgumentException.class, e -> failed(e.getMessage()))
                .timeout(Duration.ofSeconds(MOST_SECONDS), failed("it took more than " + MOST_SECONDS + " s"));
    }

    /** Nothing is unpacked here: nobody asked for what is packed, and it may be a thousand times as long. */
    private static Found found(OutboundResponse response) {
        if (response.status() != 200) {
            return new Failure("status " + response.status());
        }
        String coding = response.headers().getOrDefault("content-encoding", List.of()).stream()
                .filter(name -> !name.equalsIgnoreCase("identity"))
                .collect(Collectors.joining(", "));
        return coding.isEmpty()
                ? new Content(response.body())
                : new Failure("it came compressed (" + coding + "), which was not asked for");
    }

    private static Mono<Found> failed(@Nullable String reason) {
        return Mono.just(new Failure(Objects.requireNonNullElse(reason, "")));
    }

    private Mono<Credentials> credentials(
            OrganizationId organization, @Nullable Authentication policy, Map<String, JsonNode> values) {
        if (policy == null) {
            return Mono.just(Credentials.NONE);
        }
        var known = Json.object();
        values.forEach(known::set);
        return Mono.fromSupplier(() -> policy.settings().evaluate(Json.object(), Arguments.NONE.with("secrets", known)))
                .subscribeOn(CompilerThreads.ALL)
                .flatMap(settings -> authenticators.credentials(organization, policy.scheme(), settings));
    }

    private Mono<OutboundResponse> follow(URI uri, Credentials credentials, int hops) {
        return authenticators
                .exchange(request(uri, credentials), credentials, () -> true, authorization -> {})
                .flatMap(response -> {
                    List<String> location = response.headers().getOrDefault("location", List.of());
                    if (!REDIRECTS.contains(response.status()) || location.isEmpty() || hops == MOST_HOPS) {
                        return Mono.just(response);
                    }
                    URI next = uri.resolve(location.getFirst());
                    if ("https".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
                        return Mono.error(new IllegalArgumentException("it leads from https to http"));
                    }
                    return follow(next, sameHost(uri, next) ? credentials : Credentials.NONE, hops + 1);
                });
    }

    private static boolean sameHost(URI one, URI other) {
        return Objects.equals(one.getScheme(), other.getScheme())
                && Objects.equals(one.getRawAuthority(), other.getRawAuthority());
    }

    private static OutboundRequest request(URI uri, Credentials credentials) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Accept", "application/json, application/yaml, */*;q=0.5");
        credentials.authorization().ifPresent(authorization -> headers.put("Authorization", authorization.header()));
        return new OutboundRequest("GET", uri, headers, null, Duration.ofSeconds(SECONDS), MOST_BYTES);
    }
}
