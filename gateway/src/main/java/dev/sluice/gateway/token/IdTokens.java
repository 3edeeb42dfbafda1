package dev.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.gateway.token.IssuerSettings.Algorithm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What one OpenID provider tells a client about somebody who has just logged in there (OpenID Connect Core 1.0, section 2).
 * Thread-safe, does not block.
 */
public final class IdTokens {

    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final URI issuer;
    private final String clientId;
    private final SignedClaims signed;
    private final Mono<Endpoints> endpoints;

    /** Of this issuer, for this client. */
    public IdTokens(URI issuer, String clientId, List<Algorithm> algorithms, ProviderHttp http, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.signed = new SignedClaims(
                algorithms, SKEW, new SigningKeys(new KeyFetch(http).of(issuer, null), Ticker.systemTicker()), clock);
        this.endpoints = new Discovery(http)
                .of(issuer)
                .map(this::endpoints)
                .cache(found -> KEEP, error -> PAUSE, () -> Duration.ZERO);
    }

    /**
     * Where the provider takes part in a login.
     *
     * @param namesIssuer whether its answer says whose it is (RFC 9207)
     * @param basicAuth   whether a client may prove who it is with a header
     */
    public record Endpoints(String authorization, String token, boolean namesIssuer, boolean basicAuth) {}

    /**
     * Who has logged in.
     *
     * @param email that the provider says it has verified
     * @param name  empty when it says none
     */
    public record Login(String subject, Optional<String> email, String name) {}

    /** From the discovery document, which is asked for all who wait, and remembered for ten minutes. */
    public Mono<Endpoints> endpoints() {
        return endpoints;
    }

    /**
     * Who an ID token says has logged in; an {@link UntrueTokenException} when it is not this provider's, for this client and
     * this login, now. Any other error: it cannot be verified right now.
     *
     * @param nonce that was sent to the provider for this login
     */
    public Mono<Login> verify(String token, String nonce) {
        return Mono.defer(() -> signed.of(parse(token))).map(outcome -> switch (outcome) {
            case SignedClaims.Bad(String reason) -> throw new UntrueTokenException(reason);
            case SignedClaims.Good good -> login(good, nonce);
        });
    }

    private Login login(SignedClaims.Good good, String nonce) {
        JWTClaimsSet claims = good.claims();
        List<String> audience = claims.getAudience();
        String party = text(claims, "azp");
        require(issuer.toString().equals(claims.getIssuer()), "It is another issuer's.");
        require(audience.contains(clientId), "It was made for another client.");
        require(audience.size() == 1 || party != null, "It was made for several, and does not say for whom first.");
        require(party == null || party.equals(clientId), "It was made for another client first.");
        require(claims.getIssueTime() != null, "It does not say when it was made.");
        require(same(text(claims, "nonce"), nonce), "It was made for another login.");
        require(good.subject().chars().noneMatch(Character::isISOControl), "It does not say whose it is.");
        Optional<String> email = Optional.ofNullable(text(claims, "email")).filter(address -> isVerified(claims));
        String name = text(claims, "name");
        return new Login(good.subject(), email, name == null ? "" : name);
    }

    /** Some say so in a string. */
    private static boolean isVerified(JWTClaimsSet claims) {
        Object verified = claims.getClaim("email_verified");
        return Boolean.TRUE.equals(verified) || "true".equals(verified);
    }

    private static SignedJWT parse(String token) {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException e) {
            throw new UntrueTokenException("It is no signed JSON Web Token.");
        }
    }

    private static void require(boolean truth, String reason) {
        if (!truth) {
            throw new UntrueTokenException(reason);
        }
    }

    private static boolean same(@Nullable String given, String expected) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(JWTClaimsSet claims, String name) {
        return claims.getClaim(name) instanceof String text ? text : null;
    }

    /** Nobody is sent to an address without TLS by a provider that has it. */
    private Endpoints endpoints(Discovery.Document document) {
        boolean basic = document.clientAuth().isEmpty() || document.clientAuth().contains("client_secret_basic");
        return new Endpoints(usable(document.authorization()), usable(document.token()), document.namesIssuer(), basic);
    }

    private String usable(String address) {
        String scheme = URI.create(address).getScheme();
        if (!"https".equals(scheme) && !("http".equals(scheme) && "http".equals(issuer.getScheme()))) {
            throw new IllegalStateException("the discovery document of " + issuer + " has an endpoint without TLS");
        }
        return address;
    }
}
