package dev.sluice.gateway.session;

import dev.sluice.gateway.person.Email;
import dev.sluice.shared.crypto.UnopenableException;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Says that somebody has been in from this browser before. It lets nobody in: it only has their attempts counted apart from those
 * of strangers, who can keep them waiting otherwise. Sealed, so that nobody makes one. Thread-safe.
 */
public final class DeviceCookie {

    private static final String NAME = "sluice-device";
    private static final String HOST_PREFIX = "__Host-";
    private static final String PURPOSE = "identity.person.device";
    private static final Duration LIFETIME = Duration.ofDays(180);
    private static final int MAX_LENGTH = 1000;

    private final Vault vault;
    private final OrganizationId home;
    private final boolean secure;
    private final String name;
    private final Clock clock;

    /**
     * Sealed with the data key of an organization.
     *
     * @param secure whether browsers may send it over TLS only
     */
    public DeviceCookie(Vault vault, OrganizationId home, boolean secure, Clock clock) {
        this.vault = vault;
        this.home = home;
        this.secure = secure;
        this.name = secure ? HOST_PREFIX + NAME : NAME;
        this.clock = clock;
    }

    /** For whoever has just come in. */
    Mono<ResponseCookie> of(Email email) {
        UUID id = Ids.next();
        String text = clock.instant().plus(LIFETIME).toEpochMilli() + " " + email.value();
        return vault.seal(home, PURPOSE, id, text.getBytes(StandardCharsets.UTF_8))
                .map(stored -> ResponseCookie.from(
                                name,
                                id + "."
                                        + Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(stored))
                        .path("/")
                        .httpOnly(true)
                        .secure(secure)
                        .sameSite("Strict")
                        .maxAge(LIFETIME)
                        .build());
    }

    /** Whether whoever has this address has been in from where a request comes from. */
    Mono<Boolean> knows(ServerHttpRequest request, Email email) {
        List<HttpCookie> cookies = request.getCookies().getOrDefault(name, List.of());
        if (cookies.size() != 1 || cookies.getFirst().getValue().length() > MAX_LENGTH) {
            return Mono.just(false);
        }
        String[] parts = cookies.getFirst().getValue().split("\\.", 2);
        Optional<UUID> id = Ids.parse(parts[0]);
        return id.isEmpty() || parts.length != 2
                ? Mono.just(false)
                : Mono.defer(() -> vault.open(
                                home, PURPOSE, id.get(), Base64.getUrlDecoder().decode(parts[1])))
                        .map(bytes -> isOf(new String(bytes, StandardCharsets.UTF_8), email))
                        .onErrorReturn(IllegalArgumentException.class, false)
                        .onErrorReturn(UnopenableException.class, false);
    }

    private boolean isOf(String text, Email email) {
        String[] parts = text.split(" ", 2);
        return parts[1].equals(email.value()) && clock.instant().toEpochMilli() < Long.parseLong(parts[0]);
    }
}
