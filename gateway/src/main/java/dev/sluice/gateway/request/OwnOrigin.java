package dev.sluice.gateway.request;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells a page of this very site from others' by what its browser says of it: {@code Sec-Fetch-Site}, or where that is missing an
 * {@code Origin} with the host that the request goes to. Such an origin may be of TLS where the request seems not to be, since a proxy may
 * have ended that without a word; never the other way round, since whoever is on the way writes the pages of {@code http:} origins.
 */
public final class OwnOrigin {

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String TLS = "https";

    private OwnOrigin() {}

    /**
     * Whether that is said; not where nothing is.
     *
     * @param tls whether the site is one of TLS even where the request seems not to have come by it
     */
    public static boolean isSaid(ServerHttpRequest request, boolean tls) {
        String site = request.getHeaders().getFirst(FETCH_SITE);
        if (site != null) {
            return site.equals("same-origin");
        }
        List<String> origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
        return origins.size() == 1
                && isHere(
                        origins.getFirst(),
                        request.getHeaders().getFirst(HttpHeaders.HOST),
                        tls || TLS.equals(request.getURI().getScheme()));
    }

    private static boolean isHere(String origin, @Nullable String host, boolean tls) {
        try {
            URI uri = URI.create(origin);
            return uri.getRawAuthority() != null
                    && uri.getRawAuthority().equals(host)
                    && (!tls || TLS.equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
