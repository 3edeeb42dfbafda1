package dev.sluice.loadtest.capacity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which scenarios, and how much of each; an option that was not given has the default of the scenario that asks for it.
 *
 * @param scenarios names, in the order they take their turns
 * @param given     options by name
 */
record CapacityOptions(List<String> scenarios, Map<String, String> given) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    /** Those that every scenario has. */
    private static final Set<String> COMMON = Set.of("--users", "--heap", "--gateway-heap", "--max-runs", "--data");

    CapacityOptions {
        scenarios = List.copyOf(scenarios);
        given = Map.copyOf(given);
    }

    /** Reads names of scenarios, {@code --name value} and {@code --name=value}; without a name all scenarios. */
    static CapacityOptions parse(List<String> arguments) {
        List<String> scenarios = new ArrayList<>();
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String next = rest.next();
            if (Scenarios.NAMES.contains(next)) {
                scenarios.add(next);
                continue;
            }
            String[] parts = next.split("=", 2);
            if (!parts[0].startsWith("--") || (parts.length == 1 && !rest.hasNext())) {
                throw new CapacityFailure("Unknown scenario, or no value: " + parts[0] + " (expected: some of "
                        + String.join(", ", Scenarios.NAMES) + ", and options).");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        List<String> chosen = scenarios.isEmpty() ? Scenarios.NAMES : scenarios;
        requireKnown(given.keySet(), chosen);
        return new CapacityOptions(chosen, given);
    }

    /** An option that none of the scenarios has would do nothing. */
    private static void requireKnown(Set<String> given, List<String> scenarios) {
        SortedSet<String> known = new TreeSet<>(COMMON);
        scenarios.forEach(name -> known.addAll(Scenarios.of(name).options()));
        for (String name : given) {
            if (!known.contains(name)) {
                throw new CapacityFailure(name + " is no option of " + String.join(", ", scenarios)
                        + " (expected: some of " + String.join(", ", known) + ").");
            }
        }
    }

    /** A whole number from 1 on. */
    int number(String name, int absent, int most) {
        String value = given.getOrDefault(name, Integer.toString(absent));
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new CapacityFailure(name + " is no number: " + value + ".", e);
        }
        throw new CapacityFailure(name + " is out of bounds: " + value + " (expected: 1 to " + most + ").");
    }

    /** Such as {@code 500ms}, {@code 60s}, {@code 15m}. */
    Duration duration(String name, Duration absent) {
        String value = given.get(name);
        if (value == null) {
            return absent;
        }
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new CapacityFailure(name + " is " + value + " (expected: such as 500ms, 60s, 15m or 1h).");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** One of some words. */
    String word(String name, String absent, Set<String> known) {
        String value = given.getOrDefault(name, absent);
        if (!known.contains(value)) {
            throw new CapacityFailure(name + " is " + value + " (expected: one of "
                    + String.join(", ", known.stream().sorted().toList()) + ").");
        }
        return value;
    }

    /** The size of a Java heap, such as {@code 2g}. */
    String heap(String name, String absent) {
        String value = given.getOrDefault(name, absent);
        if (!value.matches("[1-9][0-9]{0,5}[kmgKMG]")) {
            throw new CapacityFailure(name + " is " + value + " (expected: such as 512m or 2g).");
        }
        return value;
    }

    /** For the servers' data, the services' logs and the results. */
    Path data() {
        return Path.of(given.getOrDefault("--data", ".sluice/capacity"));
    }
}
