package dev.sluice.gateway.edge;

import dev.sluice.gateway.http2.Http2Limits;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a client may hold of the gateway, and for how long.
 *
 * @param maxConnections connections at once; one more is closed as soon as it is made
 * @param headerTimeout  from the first byte of a request to the end of its headers
 * @param bodyTimeout    from there to the end of its body
 * @param readTimeout    for a client to take some tens of kilobytes off a response that waits for it
 * @param trustedProxies networks of proxies in front of the gateway, such as {@code 10.0.0.0/8}, whose word for where a request
 *                       comes from, and whether by TLS, is taken
 * @param forwardedHeader in which they say it; one that also passes on the other would let clients write it
 * @param platformNetworks networks that keys with platform scope are taken from; none for any
 * @param http2          the same of HTTP/2
 */
@Validated
@ConfigurationProperties("sluice.edge")
public record EdgeSettings(
        @DefaultValue("20000") @Positive int maxConnections,
        @DefaultValue("10s") @NotNull Duration headerTimeout,
        @DefaultValue("30s") @NotNull Duration bodyTimeout,
        @DefaultValue("30s") @NotNull Duration readTimeout,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("X_FORWARDED_FOR") @NotNull ForwardedHeader forwardedHeader,
        @DefaultValue List<String> platformNetworks,
        @DefaultValue @Valid Http2Limits http2) {

    /** A header in which proxies say where a request comes from. */
    public enum ForwardedHeader {
        X_FORWARDED_FOR,
        /** RFC 7239. */
        FORWARDED
    }

    public EdgeSettings {
        trustedProxies = List.copyOf(trustedProxies);
        platformNetworks = List.copyOf(platformNetworks);
        Network.requireAll(trustedProxies);
        Network.requireAll(platformNetworks);
    }
}
