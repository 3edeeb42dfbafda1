package dev.sluice.gateway.routing;

import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.shared.outbound.OutboundSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What is passed on, to executors and to upstreams.
 *
 * @param maxBody               longest body of a request
 * @param outboundAllow         private addresses that published routes may lead to all the same, as {@code host:port} or CIDR
 * @param maxConnectionsPerHost connections to one upstream's host and port; HTTP/1.1 has one request on each at a time
 * @param maxPendingPerHost     requests that wait for one of them; one more is refused
 * @param acquireTimeout        how long they wait
 * @param connectTimeout        to make a connection
 * @param maxIdle               after which an unused connection is closed
 * @param maxKept               bytes of answers that one route puts into Redis within the time it keeps them; twice as many are there at most
 * @param published             the cache of published routes, by organization
 */
@Validated
@ConfigurationProperties("sluice.routing")
public record RoutingSettings(
        @DefaultValue("4MB") @NotNull DataSize maxBody,
        @DefaultValue @NotNull List<String> outboundAllow,
        @DefaultValue("500") @Positive int maxConnectionsPerHost,
        @DefaultValue("1000") @Positive int maxPendingPerHost,
        @DefaultValue("2s") @NotNull Duration acquireTimeout,
        @DefaultValue("2s") @NotNull Duration connectTimeout,
        @DefaultValue("15s") @NotNull Duration maxIdle,
        @DefaultValue("16MB") @NotNull DataSize maxKept,
        @DefaultValue @Valid LookupSettings published) {

    public RoutingSettings {
        outboundAllow = List.copyOf(outboundAllow);
    }

    /** Of the connections to upstreams; how many exchanges there are is for the routes' own limits to say. */
    public OutboundSettings outbound() {
        return new OutboundSettings(
                Integer.MAX_VALUE, maxConnectionsPerHost, maxPendingPerHost, connectTimeout, maxIdle);
    }
}
