package dev.sluice.loadtest.compare;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was given on the command line, as {@code --name value} or {@code --name=value}.
 *
 * @param given values by name
 */
public record Arguments(Map<String, String> given) {

    public Arguments {
        given = Map.copyOf(given);
    }

    /**
     * Reads arguments; a {@link CompareFailure} for a name that is not known or has no value.
     *
     * @param expected how the known ones are written, for that
     */
    public static Arguments parse(List<String> arguments, Set<String> known, String expected) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            if (!known.contains(parts[0]) || (parts.length == 1 && !rest.hasNext())) {
                throw new CompareFailure("Unknown option or no value: " + parts[0] + " (expected: " + expected + ").");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        return new Arguments(given);
    }

    /** A text, or the one for when it is absent. */
    public String text(String name, String absent) {
        return given.getOrDefault(name, absent);
    }

    /** A number from 1 on; a {@link CompareFailure} for anything else. */
    public int number(String name, int absent, int most) {
        try {
            int value = Integer.parseInt(given.getOrDefault(name, Integer.toString(absent)));
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new CompareFailure(name + " is no number: " + given.get(name) + ".", e);
        }
        throw new CompareFailure(name + " is out of bounds: " + given.get(name) + " (expected: 1 to " + most + ").");
    }

    /** An absolute path. */
    public Path path(String name, Path absent) {
        return Path.of(text(name, absent.toString())).toAbsolutePath();
    }
}
