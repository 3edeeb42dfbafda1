package dev.sluice.gateway.session;

import dev.sluice.gateway.request.OwnOrigin;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The cookie that a browser keeps a session in (RFC 6265bis): no script can read it, and no other site's page makes it be
 * sent. That last thing is looked at here too, since browsers differ in it: what changes something has to say that it comes
 * from this site. Immutable.
 */
public final class SessionCookie {

    private static final String NAME = "sluice-session";

    /** What a browser takes from this very site only: no neighbour below the same domain can put another in its place. */
    private static final String HOST_PREFIX = "__Host-";

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final SessionSettings settings;
    private final String name;

    /** As the settings want it. */
    public SessionCookie(SessionSettings settings) {
        this.settings = settings;
        this.name = settings.secureCookie() ? HOST_PREFIX + NAME : NAME;
    }

    /** The secret that a request has in its cookie; two cookies are as good as none. */
    public Optional<String> read(ServerHttpRequest request) {
        List<HttpCookie> cookies = request.getCookies().getOrDefault(name, List.of());
        return cookies.size() == 1 ? Optional.of(cookies.getFirst().getValue()) : Optional.empty();
    }

    /** {@link ProblemType#FORBIDDEN} for a request that may change something and may be another site's doing. */
    public void requireSameSite(ServerHttpRequest request) {
        // A cookie for TLS only is none that a page without it has any business with.
        if (!SAFE.contains(request.getMethod()) && !OwnOrigin.isSaid(request, settings.secureCookie())) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "With a cookie this takes a request of a page of this site; others send the session as 'Authorization: "
                            + "Bearer'.");
        }
    }

    /** Has a browser keep a session. */
    public ResponseCookie of(String secret) {
        return cookie(secret, settings.lifetime());
    }

    /** Takes it away. */
    ResponseCookie none() {
        return cookie("", Duration.ZERO);
    }

    private ResponseCookie cookie(String value, Duration maxAge) {
        return ResponseCookie.from(name, value)
                .path("/")
                .httpOnly(true)
                .secure(settings.secureCookie())
                .sameSite("Strict")
                .maxAge(maxAge)
                .build();
    }
}
