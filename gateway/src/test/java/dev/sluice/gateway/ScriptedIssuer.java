package dev.sluice.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** An OpenID provider that does as the test says. */
final class ScriptedIssuer implements AutoCloseable {

    static final String AUDIENCE = "sluice";

    final AtomicInteger fetches = new AtomicInteger();
    final RSAKey rsa;
    final ECKey elliptic;
    volatile boolean away;

    /** Its other half, by which people log in. */
    final ScriptedLogins logins = new ScriptedLogins(this);

    private final RSAKey forEncryption;
    private final LoopResources loops = LoopResources.create("scripted-issuer", 1, true);
    private final DisposableServer server;

    ScriptedIssuer() {
        try {
            this.rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
            this.elliptic = new ECKeyGenerator(Curve.P_256).keyID("elliptic").generate();
            this.forEncryption = new RSAKeyGenerator(2048)
                    .keyID("encryption")
                    .keyUse(KeyUse.ENCRYPTION)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        this.server = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get(
                                "/.well-known/openid-configuration",
                                (request, response) -> json(
                                        response,
                                        "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url()
                                                + "/keys\",\"authorization_endpoint\":\"" + url()
                                                + "/authorize?tenant=1\",\"token_endpoint\":\"" + url() + "/token\"}"))
                        .post("/token", logins::token)
                        .get("/keys", (request, response) -> {
                            fetches.incrementAndGet();
                            return json(response, keys().toString());
                        }))
                .bindNow(Duration.ofSeconds(10));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Good claims, to be changed. */
    @SuppressWarnings("TimeZoneUsage") // a provider has a clock of its own
    JWTClaimsSet.Builder claims(String organization, String role) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .subject("alice")
                .audience(AUDIENCE)
                .claim("organization", organization)
                .claim("role", role)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    String sign(JWTClaimsSet.Builder claims) {
        return sign(JWSAlgorithm.RS256, rsa, claims);
    }

    String sign(JWSAlgorithm algorithm, JWK key, JWTClaimsSet.Builder claims) {
        try {
            JWSSigner signer = key instanceof RSAKey own ? new RSASSASigner(own) : new ECDSASigner((ECKey) key);
            return sign(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), signer, claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the public key as the secret of an HMAC: key confusion. */
    String confused(JWTClaimsSet.Builder claims) {
        try {
            byte[] secret = rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
            return sign(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), new MACSigner(secret), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the provider's key for encryption. */
    String signedForEncryption(JWTClaimsSet.Builder claims) {
        return sign(JWSAlgorithm.RS256, forEncryption, claims);
    }

    private static String sign(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private JWKSet keys() {
        return new JWKSet(List.of(rsa, elliptic, forEncryption)).toPublicJWKSet();
    }

    private Mono<Void> json(HttpServerResponse response, String body) {
        return away
                ? response.status(503).send()
                : response.header("Content-Type", "application/json")
                        .sendString(Mono.just(body))
                        .then();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(RunningGateway.DEADLINE);
    }
}
