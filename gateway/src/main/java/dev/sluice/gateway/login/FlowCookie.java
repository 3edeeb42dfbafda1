package dev.sluice.gateway.login;

import dev.sluice.shared.crypto.UnopenableException;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
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
 * The cookie that a browser keeps a login in while it is at the provider. It is sealed, so nobody reads or makes one, and any
 * gateway may end what another one has begun. Thread-safe.
 */
final class FlowCookie {

    private static final String NAME = "sluice-login";
    private static final String HOST_PREFIX = "__Host-";
    private static final String PURPOSE = "identity.login.flow";
    private static final int MAX_LENGTH = 2000;

    private final Vault vault;
    private final OrganizationId home;
    private final boolean secure;
    private final String name;

    FlowCookie(Vault vault, OrganizationId home, boolean secure) {
        this.vault = vault;
        this.home = home;
        this.secure = secure;
        this.name = secure ? HOST_PREFIX + NAME : NAME;
    }

    Mono<ResponseCookie> of(Flow flow, Duration maxAge) {
        UUID id = Ids.next();
        return vault.seal(home, PURPOSE, id, flow.bytes())
                .map(stored -> cookie(
                        id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(stored), maxAge));
    }

    /** Takes it away. */
    ResponseCookie none() {
        return cookie("", Duration.ZERO);
    }

    /** What a request has in its cookie; empty for none, several, or one that we did not make. */
    Mono<Optional<Flow>> read(ServerHttpRequest request) {
        List<HttpCookie> cookies = request.getCookies().getOrDefault(name, List.of());
        if (cookies.size() != 1 || cookies.getFirst().getValue().length() > MAX_LENGTH) {
            return Mono.just(Optional.empty());
        }
        String[] parts = cookies.getFirst().getValue().split("\\.", 2);
        Optional<UUID> id = Ids.parse(parts[0]);
        return id.isEmpty() || parts.length != 2
                ? Mono.just(Optional.empty())
                : Mono.defer(() -> vault.open(
                                home, PURPOSE, id.get(), Base64.getUrlDecoder().decode(parts[1])))
                        .map(bytes -> Optional.of(Flow.of(bytes)))
                        .onErrorReturn(IllegalArgumentException.class, Optional.empty())
                        .onErrorReturn(UnopenableException.class, Optional.empty());
    }

    /** Lax, since it is another site that sends the browser back to us. */
    private ResponseCookie cookie(String value, Duration maxAge) {
        return ResponseCookie.from(name, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .maxAge(maxAge)
                .build();
    }
}
