package dev.sluice.gateway.login;

import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.token.ProviderHttp;
import dev.sluice.shared.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * GitHub, which knows OAuth 2 and no ID tokens: who it is, its API says to whoever has the access token that came for our own
 * code and verifier. The token is used for that and let go. Thread-safe.
 */
final class GitHubProvider implements LoginProvider {

    private static final Set<Integer> HIDDEN = Set.of(403, 404);
    private static final String PUBLIC = "https://github.com";

    private final ProviderSettings settings;
    private final CodeExchange exchange;
    private final ProviderHttp http;
    private final String base;
    private final String api;

    GitHubProvider(ProviderSettings settings, CodeExchange exchange, ProviderHttp http) {
        this.settings = settings;
        this.exchange = exchange;
        this.http = http;
        this.base = settings.issuerUrl().toString();
        this.api = base.equals(PUBLIC) ? "https://api.github.com" : base + "/api/v3";
    }

    @Override
    public ProviderSettings settings() {
        return settings;
    }

    @Override
    public Mono<String> address(Flow flow) {
        return Mono.fromSupplier(() -> exchange.address(base + "/login/oauth/authorize", flow, false));
    }

    @Override
    public Mono<Identity> identify(Flow flow, Answer answer) {
        return exchange.of(base + "/login/oauth/access_token", answer.code(), flow, false)
                .map(this::accessToken)
                .flatMap(token -> Mono.zip(user(token), emails(token)))
                .map(both -> identity(both.getT1(), both.getT2()));
    }

    private Mono<JsonNode> user(String token) {
        return ask("/user", token).map(answer -> requireOk(answer, "/user"));
    }

    /** None where the token may not see them: who is known by their account needs no address. */
    private Mono<JsonNode> emails(String token) {
        return ask("/user/emails", token)
                .map(answer -> HIDDEN.contains(answer.status()) ? Json.array() : requireOk(answer, "/user/emails"));
    }

    private String accessToken(JsonNode answer) {
        JsonNode token = answer.path("access_token");
        if (!token.isString()) {
            throw ProviderErrors.failed(settings, new IllegalStateException("no access token"));
        }
        return token.stringValue();
    }

    private Mono<ProviderHttp.Answer> ask(String path, String token) {
        Map<String, String> headers = Map.of(
                "Authorization", "Bearer " + token,
                "Accept", "application/vnd.github+json",
                "User-Agent", "Sluice");
        return http.get(api + path, headers).onErrorMap(error -> ProviderErrors.failed(settings, error));
    }

    private JsonNode requireOk(ProviderHttp.Answer answer, String path) {
        if (answer.status() != 200) {
            throw ProviderErrors.refusesUs(settings, answer.status() + " for " + path);
        }
        return CodeExchange.json(settings, answer);
    }

    /** A login's name may be given to somebody else; its number never is. */
    private Identity identity(JsonNode user, JsonNode emails) {
        if (!user.path("id").isIntegralNumber()) {
            throw ProviderErrors.failed(settings, new IllegalStateException("no id of the account"));
        }
        Optional<Email> primary = emails.valueStream()
                .filter(email -> email.path("primary").asBoolean(false)
                        && email.path("verified").asBoolean(false))
                .flatMap(email -> Email.of(email.path("email").asString("")).stream())
                .findFirst();
        String name = user.path("name").asString("");
        return new Identity(
                user.path("id").asString(),
                primary,
                name.isBlank() ? user.path("login").asString("") : name);
    }
}
