package dev.sluice.gateway.token;

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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Checks tokens that say they are one provider's, and who may do what with them. Thread-safe, does not block. */
final class TokenCheck {

    private final IssuerSettings issuer;
    private final SignedClaims signed;

    TokenCheck(IssuerSettings issuer, SignedClaims signed) {
        this.issuer = issuer;
        this.signed = signed;
    }

    String issuer() {
        return issuer.url().toString();
    }

    Mono<Verdict> of(SignedJWT token) {
        return signed.of(token).map(outcome -> switch (outcome) {
            case SignedClaims.Bad(String reason) -> new Verdict.Refused(reason);
            case SignedClaims.Good good -> verdict(good);
        });
    }

    private Verdict verdict(SignedClaims.Good good) {
        JWTClaimsSet claims = good.claims();
        String subject = good.subject();
        if (claims.getAudience().stream().noneMatch(issuer.audiences()::contains)) {
            return new Verdict.Refused(
                    "It was made for somebody else: 'aud' names none of " + issuer.audiences() + ".");
        }
        Optional<OrganizationId> organization = values(claims, issuer.organizationClaim())
                .flatMap(value -> issuer.organization(value).stream())
                .findFirst();
        return organization
                .<Verdict>map(found -> new Verdict.Accepted(Caller.token(
                        new Principal(found, actor(subject), Principal.Scope.ORGANIZATION),
                        issuer() + "#" + subject,
                        grant(claims),
                        good.end())))
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
}
