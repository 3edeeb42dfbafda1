package dev.sluice.gateway.token;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.shared.json.Json;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;

/** Fetches a provider's keys, by way of its discovery document unless their place is set. */
final class KeyFetch {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 20;

    private final HttpClient client;

    KeyFetch(HttpClient client) {
        this.client = client.responseTimeout(LIMIT);
    }

    /** The keys as they are now. */
    Mono<JWKSet> of(IssuerSettings issuer) {
        URI place = issuer.jwks();
        Mono<String> address = place == null ? discover(issuer) : Mono.just(place.toString());
        return address.flatMap(this::get).map(KeyFetch::parse).timeout(LIMIT);
    }

    /** The document must be the issuer's own (OpenID Connect Discovery 1.0, section 4.3). */
    private Mono<String> discover(IssuerSettings issuer) {
        String url = issuer.url().toString();
        String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return get(base + DISCOVERY).map(Json::read).map(document -> {
            if (!document.path("issuer").asString("").equals(url)) {
                throw new IllegalStateException("the discovery document of " + url + " is another issuer's");
            }
            return document.path("jwks_uri").asString("");
        });
    }

    private Mono<byte[]> get(String address) {
        return client.get()
                .uri(address)
                .response((response, content) -> response.status().code() == 200
                        ? read(content)
                        : Mono.error(() -> new IllegalStateException(
                                address + " answered " + response.status().code())))
                .single();
    }

    private static Mono<byte[]> read(ByteBufFlux content) {
        return content.asByteArray()
                .collect(ByteArrayOutputStream::new, KeyFetch::append)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static void append(ByteArrayOutputStream all, byte[] part) {
        if (all.size() + part.length > MAX_BYTES) {
            throw new IllegalStateException("the answer has more than " + MAX_BYTES + " bytes");
        }
        all.writeBytes(part);
    }

    private static JWKSet parse(byte[] text) {
        try {
            return JWKSet.parse(new String(text, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("The keys cannot be read: " + e.getMessage(), e);
        }
    }
}
