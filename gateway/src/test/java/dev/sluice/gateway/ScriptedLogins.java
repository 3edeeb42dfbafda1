package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Logins at a scripted provider: what is asked is checked as a strict one would, what is answered is as the test says. */
final class ScriptedLogins {

    static final String CLIENT = "sluice client";
    static final String SECRET = "s3cret:%&/";

    final AtomicInteger exchanges = new AtomicInteger();

    /** Makes good claims bad. */
    volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();

    volatile Function<JWTClaimsSet.Builder, String> signing;

    /** Instead of a token. */
    volatile @Nullable Function<HttpServerResponse, Publisher<Void>> answer;

    private final ScriptedIssuer issuer;
    private final Map<String, Approved> codes = new ConcurrentHashMap<>();

    ScriptedLogins(ScriptedIssuer issuer) {
        this.issuer = issuer;
        this.signing = issuer::sign;
    }

    private record Approved(
            Map<String, String> asked,
            String subject,
            @Nullable String email,
            boolean verified) {}

    /** Everything as it should be from now on. */
    void behave() {
        claims = UnaryOperator.identity();
        signing = issuer::sign;
        answer = null;
    }

    /** Somebody logs in at the address where the gateway sent them; what their browser brings back. */
    String approve(String url, String subject, @Nullable String email, boolean verified) {
        assertThat(url).startsWith(issuer.url() + "/authorize?tenant=1&");
        Map<String, String> asked = fields(URI.create(url).getRawQuery());
        assertThat(asked).containsEntry("response_type", "code").containsEntry("client_id", CLIENT);
        assertThat(asked).containsEntry("code_challenge_method", "S256").containsEntry("scope", "openid email profile");
        assertThat(asked.get("nonce")).hasSizeGreaterThan(30);
        String code = "code-" + UUID.randomUUID();
        codes.put(code, new Approved(asked, subject, email, verified));
        return "code=" + code + "&state=" + URLEncoder.encode(asked.get("state"), StandardCharsets.UTF_8);
    }

    Publisher<Void> token(HttpServerRequest request, HttpServerResponse response) {
        exchanges.incrementAndGet();
        Function<HttpServerResponse, Publisher<Void>> scripted = answer;
        return request.receive()
                .aggregate()
                .asString()
                .flatMap(form -> scripted == null
                        ? Mono.from(exchange(request, response, fields(form)))
                        : Mono.from(scripted.apply(response)));
    }

    private Publisher<Void> exchange(HttpServerRequest request, HttpServerResponse response, Map<String, String> form) {
        String basic = encoded(CLIENT) + ":" + encoded(SECRET);
        if (!("Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                .equals(request.requestHeaders().get("Authorization"))) {
            return json(response.status(401), "{\"error\":\"invalid_client\"}");
        }
        Approved approved = codes.remove(form.getOrDefault("code", ""));
        if (approved == null
                || !challenge(form.getOrDefault("code_verifier", "")).equals(approved.asked.get("code_challenge"))
                || !form.getOrDefault("redirect_uri", "").equals(approved.asked.get("redirect_uri"))) {
            return json(response.status(400), "{\"error\":\"invalid_grant\"}");
        }
        JWTClaimsSet.Builder good = issuer.claims("", "")
                .audience(CLIENT)
                .subject(approved.subject)
                .claim("nonce", approved.asked.get("nonce"))
                .claim("email", approved.email)
                .claim("email_verified", approved.verified)
                .claim("name", "Some Body");
        String token = signing.apply(claims.apply(good));
        return json(
                response,
                Json.text(Json.object()
                        .put("access_token", "x")
                        .put("token_type", "Bearer")
                        .put("id_token", token)));
    }

    static Publisher<Void> json(HttpServerResponse response, String text) {
        return response.header("Content-Type", "application/json").sendString(Mono.just(text));
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Ids.sha256().digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    static Map<String, String> fields(String form) {
        return Arrays.stream(form.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toUnmodifiableMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
