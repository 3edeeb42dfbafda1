package dev.sluice.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.gateway.token.IssuerSettings.Algorithm;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What one provider has signed: whether it has, and whether it is good now. Thread-safe, does not block. */
final class SignedClaims {

    private static final int MAX_KEY_ID = 200;

    /** OpenID Connect Core 1.0, section 2. */
    private static final int MAX_SUBJECT = 255;

    private final List<Algorithm> algorithms;
    private final Duration skew;
    private final SigningKeys keys;
    private final Clock clock;
    private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

    /**
     * Of the provider with these keys.
     *
     * @param skew how far its clock may be off
     */
    SignedClaims(List<Algorithm> algorithms, Duration skew, SigningKeys keys, Clock clock) {
        this.algorithms = algorithms;
        this.skew = skew;
        this.keys = keys;
        this.clock = clock;
    }

    /** What became of a token. */
    sealed interface Outcome {}

    /**
     * It is the provider's; issuer and audience are for the caller to look at.
     *
     * @param end from then on it is not, the clocks' difference included
     */
    record Good(JWTClaimsSet claims, String subject, Instant end) implements Outcome {}

    /** It is good for nothing, for a reason that its bearer may know. */
    record Bad(String reason) implements Outcome {}

    /** The algorithm comes first: nothing is fetched, and no key looked at, for one that is not allowed. */
    Mono<Outcome> of(SignedJWT token) {
        JWSHeader header = token.getHeader();
        String keyId = header.getKeyID();
        if (algorithms.stream()
                .noneMatch(
                        allowed -> allowed.name().equals(header.getAlgorithm().getName()))) {
            return Mono.just(new Bad("Its algorithm is not one of " + algorithms + "."));
        }
        if (keyId == null || keyId.length() > MAX_KEY_ID) {
            return Mono.just(new Bad("It does not name the key it is signed with."));
        }
        return keys.find(keyId)
                .map(key -> key.filter(found -> isSignedWith(found, token)).isPresent()
                        ? claims(token)
                        : new Bad("Its signature does not match, or its key is not known."));
    }

    /** A key for encryption, or one made for another algorithm, verifies nothing. */
    private boolean isSignedWith(JWK key, SignedJWT token) {
        boolean meant = key instanceof AsymmetricJWK
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key.getAlgorithm() == null
                        || key.getAlgorithm().equals(token.getHeader().getAlgorithm()));
        try {
            return meant
                    && token.verify(
                            verifiers.createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
        } catch (JOSEException e) {
            return false;
        }
    }

    private Outcome claims(SignedJWT token) {
        try {
            return claims(token.getJWTClaimsSet());
        } catch (ParseException e) {
            return new Bad("Its claims cannot be read.");
        }
    }

    private Outcome claims(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Instant end = instant(claims.getExpirationTime());
        Instant beginning = instant(claims.getNotBeforeTime());
        String subject = claims.getSubject();
        if (end == null || !now.isBefore(end.plus(skew))) {
            return new Bad("It has expired, or never does.");
        }
        if (beginning != null && now.isBefore(beginning.minus(skew))) {
            return new Bad("It is not good yet.");
        }
        if (subject == null || subject.isEmpty() || subject.length() > MAX_SUBJECT) {
            return new Bad("It does not say whose it is.");
        }
        return new Good(claims, subject, end.plus(skew));
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
