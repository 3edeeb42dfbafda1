package dev.sluice.gateway.token;

import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Fetches a provider's keys, by way of its discovery document unless their place is set. */
final class KeyFetch {

    private final ProviderHttp http;
    private final Discovery discovery;

    KeyFetch(ProviderHttp http) {
        this.http = http;
        this.discovery = new Discovery(http);
    }

    /** The keys as they are now. */
    Mono<JWKSet> of(URI issuer, @Nullable URI place) {
        Mono<String> address =
                place == null ? discovery.of(issuer).map(Discovery.Document::keys) : Mono.just(place.toString());
        return address.flatMap(http::get).map(KeyFetch::parse).timeout(ProviderHttp.LIMIT);
    }

    private static JWKSet parse(byte[] text) {
        try {
            return JWKSet.parse(new String(text, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("The keys cannot be read: " + e.getMessage(), e);
        }
    }
}
