package dev.sluice.executor.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.executor.authentication.AuthenticationException.Reason;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is asked of a token endpoint (RFC 6749, sections 4 and 6; RFC 8693; RFC 7523 and OpenID Connect Core, section 9, for
 * how clients say who they are). The DSL has no property for the code of {@code authorization_code} and the token of {@code
 * refresh_token}: both are {@code subject.token}.
 */
final class TokenRequest {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(1);
    private static final int LONGEST_ANSWER = 64 << 10;

    private final Settings settings;
    private final URI endpoint;
    private final Clock clock;
    private final List<Map.Entry<String, String>> parameters = new ArrayList<>();
    private final Map<String, String> headers = new TreeMap<>();

    private TokenRequest(Settings settings, URI endpoint, Clock clock) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /** The request that these settings make; {@link AuthenticationException} when they make none. */
    static OutboundRequest of(Settings settings, URI endpoint, Clock clock, Duration limit) {
        TokenRequest request = new TokenRequest(settings, endpoint, clock);
        request.grant();
        request.client();
        return request.build(limit);
    }

    private void grant() {
        String grant = settings.required("grant");
        add("grant_type", grant);
        Settings subject = settings.in("subject");
        switch (grant) {
            case "client_credentials" -> {}
            case "password" -> {
                add("username", settings.required("username"));
                add("password", settings.required("password"));
            }
            case "authorization_code" -> add("code", subject.required("token"));
            case "refresh_token" -> add("refresh_token", subject.required("token"));
            case "urn:ietf:params:oauth:grant-type:token-exchange" -> {
                add("subject_token", subject.required("token"));
                add("subject_token_type", subject.required("type"));
                Settings actor = settings.in("actor");
                actor.text("token").ifPresent(token -> {
                    add("actor_token", token);
                    add("actor_token_type", actor.required("type"));
                });
            }
            default -> throw settings.wrong("grant", "is none of the specification's");
        }
        List<String> scopes = settings.texts("scopes");
        if (!scopes.isEmpty()) {
            add("scope", String.join(" ", scopes));
        }
        settings.texts("audiences").forEach(audience -> add("audience", audience));
    }

    private void client() {
        Settings client = settings.in("client");
        String method = client.text("authentication").orElse("client_secret_post");
        switch (method) {
            case "client_secret_post" -> {
                // A public client has no secret, and no word for it either in documents that leave the method out.
                client.text("id").ifPresent(id -> add("client_id", id));
                client.text("secret").ifPresent(secret -> add("client_secret", secret));
            }
            case "client_secret_basic" -> {
                String pair = encode(client.required("id")) + ':' + encode(client.required("secret"));
                headers.put("Authorization", "Basic " + base64(pair));
            }
            case "client_secret_jwt" -> {
                add("client_id", client.required("id"));
                asserted(signed(client.required("id"), client.required("secret")));
            }
            case "private_key_jwt" -> {
                client.text("id").ifPresent(id -> add("client_id", id));
                asserted(client.required("assertion"));
            }
            case "none" -> client.text("id").ifPresent(id -> add("client_id", id));
            default -> throw client.wrong("authentication", "is none of the specification's");
        }
    }

    private void asserted(String assertion) {
        add("client_assertion_type", ASSERTION_TYPE);
        add("client_assertion", assertion);
    }

    private String signed(String client, String secret) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(client)
                .subject(client)
                .audience(endpoint.toString())
                .jwtID(Ids.next().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ASSERTION_LIFE)))
                .build();
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            throw new AuthenticationException(
                    Reason.CONFIGURATION,
                    "'client.secret' of the authentication is shorter than the 256 bits of HS256.");
        }
        return jwt.serialize();
    }

    private OutboundRequest build(Duration limit) {
        headers.put("Accept", "application/json");
        boolean json = settings.in("request")
                .text("encoding")
                .filter("application/json"::equals)
                .isPresent();
        headers.put("Content-Type", json ? "application/json" : "application/x-www-form-urlencoded");
        byte[] body = json ? json() : form().getBytes(StandardCharsets.UTF_8);
        return new OutboundRequest("POST", endpoint, headers, body, limit, LONGEST_ANSWER);
    }

    private String form() {
        return parameters.stream()
                .map(parameter -> encode(parameter.getKey()) + '=' + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** What is there several times is a list. */
    private byte[] json() {
        ObjectNode object = Json.object();
        parameters.forEach(parameter -> {
            String name = parameter.getKey();
            JsonNode former = object.get(name);
            if (former == null) {
                object.put(name, parameter.getValue());
            } else if (former instanceof ArrayNode list) {
                list.add(parameter.getValue());
            } else {
                object.set(name, Json.array().add(former).add(parameter.getValue()));
            }
        });
        return Json.bytes(object);
    }

    private void add(String name, String value) {
        parameters.add(Map.entry(name, value));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
