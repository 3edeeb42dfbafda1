package dev.sluice.gateway.session;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
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
    private static final String FETCH_SITE = "Sec-Fetch-Site";

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
    public static void requireSameSite(ServerHttpRequest request) {
        if (!SAFE.contains(request.getMethod()) && !isSameOrigin(request.getHeaders())) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "With a cookie this takes a request of a page of this site; others send the session as 'Authorization: "
                            + "Bearer'.");
        }
    }

    /** Browsers send one of the two with everything that may change something. */
    private static boolean isSameOrigin(HttpHeaders headers) {
        String site = headers.getFirst(FETCH_SITE);
        String origin = headers.getFirst(HttpHeaders.ORIGIN);
        if (site != null) {
            return "same-origin".equals(site);
        }
        return origin != null && hostOf(origin).equals(Optional.ofNullable(headers.getFirst(HttpHeaders.HOST)));
    }

    private static Optional<String> hostOf(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
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
