package dev.sluice.gateway.login;

import dev.sluice.gateway.token.ProviderHttp;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Gives a provider the code that it gave the browser, and gets what it stands for (RFC 6749, section 4.1.3). */
final class CodeExchange {

    private static final int MAX_CODE = 40;

    /** What is the code's fault and not ours; the second is GitHub's. */
    private static final Set<String> OF_THE_CODE = Set.of("invalid_grant", "bad_verification_code");

    private final ProviderSettings provider;
    private final String redirect;
    private final ProviderHttp http;

    CodeExchange(ProviderSettings provider, String redirect, ProviderHttp http) {
        this.provider = provider;
        this.redirect = redirect;
        this.http = http;
    }

    /** Where the browser is to go, and to come back from. */
    String address(String endpoint, Flow flow, boolean nonce) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", provider.clientId());
        query.put("redirect_uri", redirect);
        query.put("scope", String.join(" ", provider.scopes()));
        query.put("state", flow.state());
        query.put("code_challenge", flow.challenge());
        query.put("code_challenge_method", "S256");
        if (nonce) {
            query.put("nonce", flow.nonce());
        }
        return endpoint + (endpoint.contains("?") ? "&" : "?") + form(query);
    }

    /** The provider's answer, a JSON object. */
    Mono<JsonNode> of(String endpoint, String code, Flow flow, boolean basicAuth) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("grant_type", "authorization_code");
        body.put("code", code);
        body.put("redirect_uri", redirect);
        body.put("code_verifier", flow.verifier());
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        if (basicAuth) {
            headers.put("Authorization", basic());
        } else {
            body.put("client_id", provider.clientId());
            body.put("client_secret", provider.clientSecret());
        }
        return http.post(endpoint, headers, form(body))
                .onErrorMap(error -> ProviderErrors.failed(provider, error))
                .map(this::read);
    }

    /** An object of an answer's body, whose status may be anything below 500. */
    private JsonNode read(ProviderHttp.Answer answer) {
        JsonNode json = json(provider, answer);
        String error = json.path("error").asString("");
        if (OF_THE_CODE.contains(error)) {
            throw ProviderErrors.refused(provider.displayName() + " does not take this login any more; begin again.");
        }
        if (!error.isEmpty() || answer.status() != 200) {
            String shown =
                    error.substring(0, Math.min(error.length(), MAX_CODE)).replaceAll("[^a-z_]", "?");
            throw ProviderErrors.refusesUs(provider, answer.status() + " " + shown);
        }
        return json;
    }

    /** A JSON value that a provider should have answered with. */
    static JsonNode json(ProviderSettings provider, ProviderHttp.Answer answer) {
        if (answer.status() >= 500) {
            throw ProviderErrors.failed(provider, new IllegalStateException("status " + answer.status()));
        }
        try {
            return Json.read(answer.body());
        } catch (SluiceException e) {
            throw ProviderErrors.failed(provider, new IllegalStateException("no JSON, status " + answer.status(), e));
        }
    }

    /** Section 2.3.1. */
    private String basic() {
        String both = encoded(provider.clientId()) + ":" + encoded(provider.clientSecret());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
