package dev.sluice.loadtest.drill;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to drill, and how much.
 *
 * @param kills     how often something happens
 * @param minutes   after which nothing more happens and the account is made
 * @param seed      of all that is random; which call is under way when is not, so a seed repeats the kind of moment
 * @param rate      runs started per second
 * @param data      a folder for databases, logs and the report; the databases are removed in the end
 * @param old       the version before, in git, for {@link Scenario#UPGRADE}
 */
record DrillOptions(Scenario scenario, int kills, int minutes, long seed, int rate, Path data, String old) {

    private static final Set<String> KNOWN =
            Set.of("--scenario", "--kills", "--minutes", "--seed", "--rate", "--data", "--old");

    private static final int MAX_KILLS = 500;
    private static final int MAX_MINUTES = 120;
    private static final int MAX_RATE = 200;

    /** Reads {@code --name value} and {@code --name=value}. */
    static DrillOptions parse(List<String> arguments, long freshSeed) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            if (!KNOWN.contains(parts[0]) || (parts.length == 1 && !rest.hasNext())) {
                throw new DrillFailure(
                        "Unknown option or no value: " + parts[0]
                                + " (expected: --scenario NAME, --kills N, --minutes M, --seed S, --rate N, --data DIR, --old REF).");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        Scenario scenario = Scenario.of(given.getOrDefault("--scenario", Scenario.CRASH.text()));
        if (given.containsKey("--old") && scenario != Scenario.UPGRADE) {
            throw new DrillFailure("--old is for --scenario upgrade only.");
        }
        return new DrillOptions(
                scenario,
                (int) number(given, "--kills", scenario.kills(), 0, scenario.stepwise() ? scenario.kills() : MAX_KILLS),
                (int) number(given, "--minutes", 30, 1, MAX_MINUTES),
                number(given, "--seed", freshSeed, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) number(given, "--rate", 25, 1, MAX_RATE),
                Path.of(given.getOrDefault("--data", ".sluice/drill")),
                given.getOrDefault("--old", OldVersion.DEFAULT));
    }

    private static long number(Map<String, String> given, String name, long absent, long least, long most) {
        String text = given.getOrDefault(name, Long.toString(absent));
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new DrillFailure(name + " is no number: " + text + ".", e);
        }
        throw new DrillFailure(name + " is out of bounds: " + text + " (expected: " + least + " to " + most + ").");
    }
}
