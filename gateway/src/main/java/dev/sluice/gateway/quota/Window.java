package dev.sluice.gateway.quota;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One allowance that bounds what is counted, as it was when PostgreSQL was asked last.
 *
 * @param of        {@code runs}, {@code events}, {@code tokens} or {@code credits}
 * @param allowance how much of that there is in the period
 * @param unit      how much of that goes with one of what is counted
 * @param others    how much of it is gone, apart from what a lease has taken
 */
record Window(String of, Period period, double allowance, double unit, double others) {

    /** Of those windows that this version knows. */
    static List<Window> all(String json) {
        Stream<JsonNode> windows =
                Json.trusted(json.getBytes(StandardCharsets.UTF_8)).valueStream();
        return windows.flatMap(window -> read(window).stream()).toList();
    }

    private static Optional<Window> read(JsonNode window) {
        return Period.of(window.path("period").asString(""))
                .map(period -> new Window(
                        window.path("kind").asString(""),
                        period,
                        window.path("allowance").asDouble(0),
                        window.path("unit").asDouble(1),
                        window.path("others").asDouble(0)));
    }

    /** Such as {@code runs-day}. */
    String name() {
        return of + "-" + period.id();
    }

    /** How much is left, of credits whole ones, when a lease has used so many. */
    long remaining(long spent) {
        return (long) Math.max(0, Math.floor(allowance - others - spent * unit));
    }

    /** Whether there is no more for one. */
    boolean isUsedUp(long spent) {
        return allowance - others - spent * unit < unit;
    }
}
