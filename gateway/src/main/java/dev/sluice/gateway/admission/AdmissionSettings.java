package dev.sluice.gateway.admission;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How fast callers may send to one node, and how much of it they may use at once.
 *
 * @param key          per API key, on {@code /v1}
 * @param organization per organization, on {@code /v1}
 * @param endpoint     per webhook endpoint, on {@code /hooks}
 * @param entranceRate  requests a second by which people come in (log in, accept an invitation), per client address; of IPv6
 *                      the first 64 bits, which is what one client has
 * @param entranceBurst the same at once after a pause
 * @param maxExchanges exchanges with executors that an organization has under way at once, event streams and waiting
 *                     requests included; fewer than the executors' connections carry
 * @param routes       of routes of the API that have a limit of their own, per organization; besides those of {@link RouteLimits}
 * @param maxCallers   callers of each kind whose use a node remembers; about 100 bytes each
 */
@Validated
@ConfigurationProperties("sluice.admission")
public record AdmissionSettings(
        @DefaultValue Rate key,
        @DefaultValue Rate organization,
        @DefaultValue Rate endpoint,
        @DefaultValue("1") double entranceRate,
        @DefaultValue("30") int entranceBurst,
        @DefaultValue("5000") @Positive int maxExchanges,
        @DefaultValue List<@Valid RouteRate> routes,
        @DefaultValue("100000") @Positive @Max(10_000_000) int maxCallers) {

    public AdmissionSettings {
        Rate.requireUsable(entranceRate, entranceBurst);
        routes = List.copyOf(routes);
    }

    Rate entrance() {
        return new Rate(entranceRate, entranceBurst);
    }
}
