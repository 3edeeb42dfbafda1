package dev.sluice.executor.authentication;

import dev.sluice.executor.definition.Authentication.Scheme;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes credentials of evaluated settings. Thread-safe. */
public final class Authenticators {

    /** Nobody has revoked one that was just given: whoever refuses it refuses the next one too. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final int UNAUTHORIZED = 401;

    private final OutboundClient client;
    private final Tokens tokens;
    private final ClientCertificates certificates;
    private final Clock clock;

    /** Asks authorities, and makes requests, by this client. */
    public Authenticators(OutboundClient client, Clock clock) {
        this.client = client;
        this.tokens = new Tokens(client, clock);
        this.certificates = new ClientCertificates(clock);
        this.clock = clock;
    }

    /** Whether credentials of this scheme are there at once: nobody has to be asked for them, and nothing read that takes time. */
    public static boolean isLocal(Scheme scheme) {
        return switch (scheme) {
            case BASIC, BEARER, DIGEST -> true;
            case CERTIFICATE, OAUTH2, OIDC -> false;
        };
    }

    /**
     * Credentials for one call. Ends with {@link AuthenticationException}; cancelling leaves a request for a token to others who
     * wait for it.
     *
     * @param settings properties of the scheme, as the DSL's reference names them
     */
    public Mono<Credentials> credentials(OrganizationId organization, Scheme scheme, JsonNode settings) {
        return Mono.defer(() -> {
            Settings own = Settings.of(settings);
            return switch (scheme) {
                case BASIC ->
                    Mono.just(fixed("Basic", TokenRequest.base64(user(own) + ':' + own.required("password"))));
                case BEARER -> Mono.just(fixed("Bearer", own.required("token")));
                case CERTIFICATE -> certificates.get(organization, own, settings);
                case DIGEST -> Mono.just(new DigestCredentials(own.required("username"), own.required("password")));
                case OAUTH2 -> given(organization, own, settings, false);
                case OIDC -> given(organization, own, settings, true);
            };
        });
    }

    /**
     * Sends a request that says what the credentials say, and another one when it was refused for want of other ones: then it did
     * nothing. Ends with {@link AuthenticationException} or what {@link OutboundClient#exchange} ends with.
     *
     * @param permitted whether it may still be sent; asked right before
     * @param other     hears of the authorization of the second one
     */
    public Mono<OutboundResponse> exchange(
            OutboundRequest request,
            Credentials credentials,
            BooleanSupplier permitted,
            Consumer<Authorization> other) {
        return exchange(request, credentials, permitted, response -> response.status() == UNAUTHORIZED, other);
    }

    /**
     * The same in another protocol.
     *
     * @param refused whether a response says that the credentials were not enough, and that nothing was done
     */
    public Mono<OutboundResponse> exchange(
            OutboundRequest request,
            Credentials credentials,
            BooleanSupplier permitted,
            Predicate<OutboundResponse> refused,
            Consumer<Authorization> other) {
        return Mono.fromSupplier(() -> credentials.identifying(request))
                .flatMap(first -> exchanged(first, credentials, permitted, refused, other));
    }

    private Mono<OutboundResponse> exchanged(
            OutboundRequest request,
            Credentials credentials,
            BooleanSupplier permitted,
            Predicate<OutboundResponse> refused,
            Consumer<Authorization> other) {
        return client.exchange(request, permitted)
                .flatMap(response -> refused.test(response)
                        ? credentials
                                .challenged(request, response)
                                .doOnNext(other)
                                .flatMap(authorization -> client.exchange(
                                        request.withHeader("Authorization", authorization.header()), permitted))
                                .defaultIfEmpty(response)
                        : Mono.just(response));
    }

    /**
     * The same of a request whose response is read as it comes.
     *
     * @param silence as in {@link OutboundClient#stream}
     * @param reader  as there; not asked about a response that refuses the credentials
     */
    public <T> Flux<T> stream(
            OutboundRequest request,
            Credentials credentials,
            Duration silence,
            BooleanSupplier permitted,
            Consumer<Authorization> other,
            BiFunction<OutboundHead, Flux<byte[]>, Publisher<T>> reader) {
        return Mono.fromSupplier(() -> credentials.identifying(request))
                .flatMapMany(first -> streamed(first, credentials, silence, permitted, other, reader));
    }

    private <T> Flux<T> streamed(
            OutboundRequest request,
            Credentials credentials,
            Duration silence,
            BooleanSupplier permitted,
            Consumer<Authorization> other,
            BiFunction<OutboundHead, Flux<byte[]>, Publisher<T>> reader) {
        return client.stream(
                        request,
                        silence,
                        permitted,
                        (head, body) -> head.status() == UNAUTHORIZED
                                ? Flux.<T>error(new Challenge(head))
                                : reader.apply(head, body))
                .onErrorResume(
                        Challenge.class,
                        challenge -> credentials
                                .challenged(request, challenge.response())
                                .doOnNext(other)
                                .map(authorization ->
                                        Optional.of(request.withHeader("Authorization", authorization.header())))
                                .defaultIfEmpty(Optional.empty())
                                .flatMapMany(again -> again.isPresent()
                                        ? client.stream(again.get(), silence, permitted, reader)
                                        : reader.apply(challenge.head, Flux.empty())));
    }

    /** A response that refuses the credentials of its request. */
    private static final class Challenge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient OutboundHead head;

        Challenge(OutboundHead head) {
            super(null, null, false, false);
            this.head = head;
        }

        OutboundResponse response() {
            return new OutboundResponse(head.status(), head.headers(), new byte[0]);
        }
    }

    /** A colon would end the name (RFC 7617, section 2). */
    private static String user(Settings settings) {
        String user = settings.required("username");
        if (user.indexOf(':') >= 0) {
            throw settings.wrong("username", "must not have a colon");
        }
        return user;
    }

    private static Credentials fixed(String scheme, String parameter) {
        Optional<Authorization> authorization = Optional.of(new Authorization(scheme, parameter));
        return () -> authorization;
    }

    private Mono<Credentials> given(OrganizationId organization, Settings own, JsonNode settings, boolean discovered) {
        String key = Tokens.key(organization.toString() + discovered, settings);
        return tokens.get(key, own, discovered).map(token -> new Given(key, own, discovered, token));
    }

    /** By a token that an authority gave, which may have been revoked since. */
    private final class Given implements Credentials {

        private final String key;
        private final Settings settings;
        private final boolean discovered;
        private final Token token;

        Given(String key, Settings settings, boolean discovered, Token token) {
            this.key = key;
            this.settings = settings;
            this.discovered = discovered;
            this.token = token;
        }

        @Override
        public Optional<Authorization> authorization() {
            return Optional.of(bearer(token));
        }

        @Override
        public Mono<Authorization> challenged(OutboundRequest request, OutboundResponse response) {
            if (Duration.between(token.given(), clock.instant()).compareTo(FRESH) < 0) {
                return Mono.empty();
            }
            return Mono.defer(() -> {
                        tokens.forget(key, token);
                        return tokens.get(key, settings, discovered);
                    })
                    .filter(other -> !other.value().equals(token.value()))
                    .map(Given::bearer);
        }

        private static Authorization bearer(Token token) {
            return new Authorization("Bearer", token.value());
        }
    }
}
