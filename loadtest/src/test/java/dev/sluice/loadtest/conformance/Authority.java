package dev.sluice.loadtest.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks who comes: for a password (RFC 7617), for a digest of one (RFC 7616), and for a token that it gives itself (RFC 6749). Who
 * comes with a token is told what it was asked for with. Thread-safe.
 */
final class Authority {

    private static final String ISSUER = "https://things.example";
    private static final String SECRET = "open sesame";
    private static final String NONCE = "a nonce of the simulator";
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^,\\s]+))");

    private final Map<String, JsonNode> given = new ConcurrentHashMap<>();

    void routes(HttpServerRoutes routes) {
        routes.get("/basic-auth/{user}/{password}", Authority::password)
                .get("/digest-auth/auth/{user}/{password}", Authority::digest)
                .get("/.well-known/openid-configuration", (request, response) -> Answers.json(response, discovery()))
                .post("/oauth2/token", this::token)
                .post("/tokens", this::token)
                .get("/who", this::who);
    }

    /** Like httpbin: whoever does not say who they are is asked to. */
    private static Publisher<Void> password(HttpServerRequest request, HttpServerResponse response) {
        String user = request.param("user");
        String expected = "Basic " + base64(user + ":" + request.param("password"));
        return authorization(request).equals(expected)
                ? Answers.json(
                        response, Json.object().put("authenticated", true).put("user", user))
                : challenge(response, "Basic realm=\"Simulated\"");
    }

    private static Publisher<Void> digest(HttpServerRequest request, HttpServerResponse response) {
        String user = Objects.requireNonNull(request.param("user"));
        String authorization = authorization(request);
        return authorization.startsWith("Digest ")
                        && proves(request, user, Objects.requireNonNull(request.param("password")), authorization)
                ? Answers.json(
                        response, Json.object().put("authenticated", true).put("user", user))
                : challenge(
                        response,
                        "Digest realm=\"Simulated\", qop=\"auth\", algorithm=SHA-256, nonce=\"" + NONCE + '"');
    }

    private static boolean proves(HttpServerRequest request, String user, String password, String authorization) {
        Map<String, String> said = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(authorization);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            said.put(matcher.group(1), Objects.requireNonNullElse(value, ""));
        }
        String secret = hash(user + ":Simulated:" + password);
        String action = hash(request.method().name() + ":" + request.uri());
        String proof = hash(String.join(
                ":", secret, NONCE, said.getOrDefault("nc", ""), said.getOrDefault("cnonce", ""), "auth", action));
        return user.equals(said.get("username")) && proof.equals(said.get("response"));
    }

    private static JsonNode discovery() {
        return Json.object().put("issuer", ISSUER).put("token_endpoint", ISSUER + "/tokens");
    }

    private Publisher<Void> token(HttpServerRequest request, HttpServerResponse response) {
        boolean json =
                request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "").startsWith("application/json");
        return request.receive()
                .aggregate()
                .asString(UTF_8)
                .map(body -> json ? Json.read(body.getBytes(UTF_8)) : form(body))
                .flatMap(asked -> Mono.from(give(request, response, (ObjectNode) asked, json)));
    }

    /** Remembers what the token was asked for with, but for what is secret of it. */
    private Publisher<Void> give(
            HttpServerRequest request, HttpServerResponse response, ObjectNode asked, boolean json) {
        asked.put("endpoint", request.fullPath()).put("encoding", json ? "json" : "form");
        String basic = authorization(request);
        JsonNode secret = asked.remove("client_secret");
        if (basic.equals("Basic " + base64("sluice:" + SECRET.replace(' ', '+')))) {
            asked.put("client", "by header");
        } else if (secret != null && secret.asString().equals(SECRET)) {
            asked.put("client", "by body");
        } else if (asked.remove("client_assertion") != null) {
            asked.put("client", "by assertion");
        } else if (secret != null || !asked.path("client_id").asString("").equals("public")) {
            return Answers.json(response.status(401), Json.object().put("error", "invalid_client"));
        }
        String claims =
                Json.text(Json.object().put("iss", ISSUER).put("jti", Ids.next().toString()));
        String token = url("{\"alg\":\"none\"}") + '.' + url(claims) + '.';
        given.put("Bearer " + token, asked);
        return Answers.json(
                response,
                Json.object()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", 300));
    }

    private Publisher<Void> who(HttpServerRequest request, HttpServerResponse response) {
        JsonNode asked = given.get(authorization(request));
        return asked == null ? challenge(response, "Bearer") : Answers.json(response, asked);
    }

    private static ObjectNode form(String body) {
        ObjectNode asked = Json.object();
        new QueryStringDecoder(body, false)
                .parameters()
                .forEach((name, values) -> asked.put(name, String.join(" ", values)));
        return asked;
    }

    private static Publisher<Void> challenge(HttpServerResponse response, String challenge) {
        return response.status(401)
                .header(HttpHeaderNames.WWW_AUTHENTICATE, challenge)
                .send();
    }

    private static String authorization(HttpServerRequest request) {
        return request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Ids.sha256().digest(text.getBytes(UTF_8)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
