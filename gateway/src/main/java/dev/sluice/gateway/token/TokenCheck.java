package dev.sluice.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Role;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Checks tokens that say they are one provider's. Thread-safe, does not block. */
final class TokenCheck {

    private static final int MAX_KEY_ID = 200;

    /** OpenID Connect Core 1.0, section 2. */
    private static final int MAX_SUBJECT = 255;

    private final IssuerSettings issuer;
    private final SigningKeys keys;
    private final Clock clock;
    private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

    TokenCheck(IssuerSettings issuer, SigningKeys keys, Clock clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    String issuer() {
        return issuer.url().toString();
    }

    /** The algorithm comes first: nothing is fetched, and no key looked at, for one that is not allowed. */
    Mono<Verdict> of(SignedJWT token) {
        JWSHeader header = token.getHeader();
        String keyId = header.getKeyID();
        if (issuer.algorithms().stream()
                .noneMatch(
                        allowed -> allowed.name().equals(header.getAlgorithm().getName()))) {
            return refused("Its algorithm is not one of " + issuer.algorithms() + ".");
        }
        if (keyId == null || keyId.length() > MAX_KEY_ID) {
            return refused("It does not name the key it is signed with.");
        }
        return keys.find(keyId)
                .map(key -> key.filter(found -> isSignedWith(found, token)).isPresent()
                        ? claims(token)
                        : new Verdict.Refused("Its signature does not match, or its key is not known."));
    }

    private static Mono<Verdict> refused(String reason) {
        return Mono.just(new Verdict.Refused(reason));
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

    private Verdict claims(SignedJWT token) {
        try {
            return claims(token.getJWTClaimsSet());
        } catch (ParseException e) {
            return new Verdict.Refused("Its claims cannot be read.");
        }
    }

    private Verdict claims(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Instant end = instant(claims.getExpirationTime());
        Instant beginning = instant(claims.getNotBeforeTime());
        String subject = claims.getSubject();
        if (end == null || !now.isBefore(end.plus(issuer.skew()))) {
            return new Verdict.Refused("It has expired, or never does.");
        }
        if (beginning != null && now.isBefore(beginning.minus(issuer.skew()))) {
            return new Verdict.Refused("It is not good yet.");
        }
        if (claims.getAudience().stream().noneMatch(issuer.audiences()::contains)) {
            return new Verdict.Refused(
                    "It was made for somebody else: 'aud' names none of " + issuer.audiences() + ".");
        }
        if (subject == null || subject.isEmpty() || subject.length() > MAX_SUBJECT) {
            return new Verdict.Refused("It does not say whose it is.");
        }
        Optional<OrganizationId> organization = values(claims, issuer.organizationClaim())
                .flatMap(value -> issuer.organization(value).stream())
                .findFirst();
        return organization
                .<Verdict>map(found -> new Verdict.Accepted(Caller.token(
                        new Principal(found, actor(subject), Principal.Scope.ORGANIZATION),
                        issuer() + "#" + subject,
                        grant(claims),
                        end.plus(issuer.skew()))))
                .orElseGet(() -> new Verdict.Refused(
                        "Its claim '" + issuer.organizationClaim() + "' names no organization that is known here."));
    }

    /** The highest role that it names, or nothing. */
    private Grant grant(JWTClaimsSet claims) {
        return values(claims, issuer.roleClaim())
                .flatMap(value -> issuer.role(value).stream())
                .min(Comparator.<Role>naturalOrder())
                .map(Grant::of)
                .orElseGet(() -> Grant.of(Set.of()));
    }

    /** The same person has the same id for ever, and nobody of another provider has it. */
    private UUID actor(String subject) {
        byte[] hash = Ids.sha256().digest((issuer() + '\0' + subject).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        long most = (bytes.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L;
        long least = (bytes.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }

    /** A string, or the strings of a list. */
    private static Stream<String> values(JWTClaimsSet claims, String name) {
        Object claim = claims.getClaim(name);
        Collection<?> values = claim instanceof Collection<?> list ? list : claim == null ? List.of() : List.of(claim);
        return values.stream().filter(String.class::isInstance).map(String.class::cast);
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
