package dev.sluice.loadtest.capacity;

import java.util.List;

/** The scenarios by their names. */
final class Scenarios {

    static final List<String> NAMES = List.of("waiting", "in-flight", "burst", "fairness", "listeners");

    private Scenarios() {}

    static Scenario of(String name) {
        return switch (name) {
            case "waiting" -> new Waiting();
            case "in-flight" -> new InFlight();
            case "burst" -> new Burst();
            case "fairness" -> new Fairness();
            case "listeners" -> new Listeners();
            default ->
                throw new CapacityFailure(
                        "Unknown scenario '" + name + "' (expected: some of " + String.join(", ", NAMES) + ").");
        };
    }
}
