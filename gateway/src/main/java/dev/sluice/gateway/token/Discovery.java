package dev.sluice.gateway.token;

import dev.sluice.shared.json.Json;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Reads providers' documents on themselves (OpenID Connect Discovery 1.0). */
final class Discovery {

    private static final String PLACE = "/.well-known/openid-configuration";

    private final ProviderHttp http;

    Discovery(ProviderHttp http) {
        this.http = http;
    }

    /**
     * What is of use of it.
     *
     * @param namesIssuer whether its answers to logins say whose they are (RFC 9207)
     * @param clientAuth  how clients may prove who they are; empty when it does not say
     */
    record Document(String keys, String authorization, String token, boolean namesIssuer, Set<String> clientAuth) {}

    /** The document must be the issuer's own (section 4.3). */
    Mono<Document> of(URI issuer) {
        String url = issuer.toString();
        String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return http.get(base + PLACE).map(Json::read).map(document -> {
            if (!text(document, "issuer").equals(url)) {
                throw new IllegalStateException("the discovery document of " + url + " is another issuer's");
            }
            return read(document);
        });
    }

    private static Document read(JsonNode document) {
        return new Document(
                text(document, "jwks_uri"),
                text(document, "authorization_endpoint"),
                text(document, "token_endpoint"),
                document.path("authorization_response_iss_parameter_supported").asBoolean(false),
                document.path("token_endpoint_auth_methods_supported")
                        .valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static String text(JsonNode document, String name) {
        return document.path(name).asString("");
    }
}
