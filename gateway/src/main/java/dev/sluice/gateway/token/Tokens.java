package dev.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.problem.SluiceException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens of the installation's providers (RFC 7519, RFC 8725). One that was accepted is remembered until it expires.
 * Thread-safe, does not block.
 */
public final class Tokens {

    private static final int MAX_REMEMBERED = 20_000;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Map<String, TokenCheck> issuers;
    private final Cache<SecretHash, Caller> accepted;
    private final Clock clock;

    /** For these providers, whose keys are fetched that way. */
    public Tokens(List<IssuerSettings> issuers, ProviderHttp http, Clock clock) {
        KeyFetch fetch = new KeyFetch(http);
        this.issuers = issuers.stream()
                .map(issuer -> new TokenCheck(issuer, signed(issuer, fetch, clock)))
                .collect(Collectors.toUnmodifiableMap(TokenCheck::issuer, Function.identity()));
        this.clock = clock;
        this.accepted = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .executor(Runnable::run)
                .expireAfter(Expiry.<SecretHash, Caller>creating((hash, caller) -> left(caller)))
                .build();
    }

    private static SignedClaims signed(IssuerSettings issuer, KeyFetch fetch, Clock clock) {
        SigningKeys keys = new SigningKeys(fetch.of(issuer.url(), issuer.jwks()), Ticker.systemTicker());
        return new SignedClaims(issuer.algorithms(), issuer.skew(), keys, clock);
    }

    /** Whether a bearer's secret has the form of a token, which no API key has. */
    public static boolean isToken(String secret) {
        return secret.startsWith("eyJ") && secret.chars().filter(c -> c == '.').count() == 2;
    }

    /** Whose a token is; an error {@code UNAVAILABLE} when it cannot be verified for want of its provider's keys. */
    public Mono<Verdict> verify(String token) {
        return Mono.defer(() -> {
            SecretHash hash = SecretHash.of(token);
            Caller known = accepted.getIfPresent(hash);
            return known != null && known.isValidAt(clock.instant())
                    ? Mono.just(new Verdict.Accepted(known))
                    : check(token).doOnNext(verdict -> remember(hash, verdict));
        });
    }

    private Mono<Verdict> check(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            String issuer = jwt.getJWTClaimsSet().getIssuer();
            TokenCheck check = issuer == null ? null : issuers.get(issuer);
            return check == null
                    ? Mono.just(new Verdict.Refused("Its issuer is not one of this installation's."))
                    : check.of(jwt).onErrorMap(Tokens::unavailable);
        } catch (ParseException e) {
            return Mono.just(new Verdict.Refused("It is no signed JSON Web Token."));
        }
    }

    private void remember(SecretHash hash, Verdict verdict) {
        if (verdict instanceof Verdict.Accepted(Caller caller)) {
            accepted.put(hash, caller);
        }
    }

    private Duration left(Caller caller) {
        Instant end = Objects.requireNonNull(caller.expiresAt(), "a token without an end");
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static SluiceException unavailable(Throwable cause) {
        return SluiceException.unavailable("The keys of the token's issuer cannot be fetched right now.", SOON, cause);
    }
}
