package dev.sluice.gateway.admission;

import jakarta.validation.constraints.NotBlank;

/**
 * How fast an organization may send to one route of the API.
 *
 * @param route as the table of routes has it, such as {@code POST /v1/workflows}
 * @param rate  requests per second in the long run, 0.001 to 1,000,000
 * @param burst requests at once after a pause, 1 to 1,000,000
 */
public record RouteRate(@NotBlank String route, double rate, int burst) {

    public RouteRate {
        Rate.requireUsable(rate, burst);
    }

    Rate limit() {
        return new Rate(rate, burst);
    }
}
