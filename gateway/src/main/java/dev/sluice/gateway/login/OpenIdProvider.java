package dev.sluice.gateway.login;

import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.token.IdTokens;
import dev.sluice.gateway.token.UntrueTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Any OpenID Connect provider, by authorization code with PKCE; who it is, is in the ID token and nowhere else. Thread-safe. */
final class OpenIdProvider implements LoginProvider {

    private final ProviderSettings settings;
    private final IdTokens tokens;
    private final CodeExchange exchange;

    OpenIdProvider(ProviderSettings settings, IdTokens tokens, CodeExchange exchange) {
        this.settings = settings;
        this.tokens = tokens;
        this.exchange = exchange;
    }

    @Override
    public ProviderSettings settings() {
        return settings;
    }

    @Override
    public Mono<String> address(Flow flow) {
        return endpoints().map(endpoints -> exchange.address(endpoints.authorization(), flow, true));
    }

    @Override
    public Mono<Identity> identify(Flow flow, Answer answer) {
        return endpoints()
                .doOnNext(endpoints -> requireItsOwn(endpoints, answer.issuer()))
                .flatMap(endpoints -> exchange.of(endpoints.token(), answer.code(), flow, endpoints.basicAuth()))
                .map(this::idToken)
                .flatMap(token -> verify(token, flow))
                .map(login -> new Identity(login.subject(), login.email().flatMap(Email::of), login.name()));
    }

    private Mono<IdTokens.Endpoints> endpoints() {
        return tokens.endpoints().onErrorMap(error -> ProviderErrors.failed(settings, error));
    }

    /** An answer of one provider is not taken for another's, whose code it would be sent to (RFC 9207). */
    private void requireItsOwn(IdTokens.Endpoints endpoints, @Nullable String issuer) {
        boolean right = issuer == null
                ? !endpoints.namesIssuer()
                : issuer.equals(settings.issuerUrl().toString());
        if (!right) {
            throw ProviderErrors.refused("This is no answer of " + settings.displayName() + "; begin again.");
        }
    }

    private String idToken(JsonNode answer) {
        JsonNode token = answer.path("id_token");
        if (!token.isString()) {
            throw ProviderErrors.failed(settings, new IllegalStateException("no ID token"));
        }
        return token.stringValue();
    }

    private Mono<IdTokens.Login> verify(String token, Flow flow) {
        return tokens.verify(token, flow.nonce())
                .onErrorMap(error -> error instanceof UntrueTokenException untrue
                        ? ProviderErrors.untrue(settings, untrue)
                        : ProviderErrors.failed(settings, error));
    }
}
