package dev.sluice.loadtest.conformance;

import dev.sluice.loadtest.conformance.Features.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The properties of the specification's reference, table by table, as {@code properties.txt} has them: a table's name after
 * {@code #}, then a property on each line, followed by {@value #UNAVAILABLE} where Sluice does not have it.
 */
final class Properties {

    private static final String UNAVAILABLE = " - not available";

    private final List<Property> all;

    private Properties(List<Property> all) {
        this.all = List.copyOf(all);
    }

    /**
     * A property.
     *
     * @param table the reference's heading above it
     * @param name  where it is in a document, such as {@code task.for.while}
     */
    record Property(String table, String name, boolean available) {}

    static Properties read(Path file) {
        try {
            return of(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Properties of(List<String> lines) {
        List<Property> all = new ArrayList<>();
        String table = "";
        for (String line : lines) {
            if (line.startsWith("# ")) {
                table = line.substring(2);
            } else if (!line.isBlank()) {
                all.add(new Property(table, line.replace(UNAVAILABLE, ""), !line.endsWith(UNAVAILABLE)));
            }
        }
        return new Properties(all);
    }

    List<Property> all() {
        return all;
    }

    /** What is wrong with the tags of scenarios: each has some, and all are properties. */
    List<String> wrong(List<Outcome> scenarios) {
        List<String> names = all.stream().map(Property::name).toList();
        return scenarios.stream()
                .filter(scenario -> scenario.tags().isEmpty() || !names.containsAll(scenario.tags()))
                .map(scenario -> scenario.name() + " " + scenario.tags())
                .toList();
    }

    /** The table of what is covered, in Markdown. */
    List<String> covered(List<Outcome> scenarios) {
        List<String> rows = new ArrayList<>();
        String table = "";
        for (Property property : all) {
            if (!property.table().equals(table)) {
                table = property.table();
                rows.addAll(List.of("", "## " + table, "", "| Property | Scenarios |", "|---|---|"));
            }
            rows.add("| `" + property.name() + "` | " + cell(property, scenarios) + " |");
        }
        return rows;
    }

    /** How many properties there are, and what becomes of them. */
    String counts(List<Outcome> scenarios) {
        long unavailable =
                all.stream().filter(property -> !property.available()).count();
        long open = all.stream()
                .filter(property -> cell(property, scenarios).equals("no scenario"))
                .count();
        return "%d scenarios. Of %d properties %d have one or are made of others that are listed, %d are not available, %d have no scenario."
                .formatted(scenarios.size(), all.size(), all.size() - unavailable - open, unavailable, open);
    }

    private String cell(Property property, List<Outcome> scenarios) {
        List<String> covering = scenarios.stream()
                .filter(scenario -> scenario.tags().contains(property.name()))
                .sorted(Comparator.comparing(Outcome::feature)) // files come in the order that the file system has
                .map(Outcome::name)
                .toList();
        String covered = String.join("<br>", covering);
        if (!property.available()) {
            return Stream.of("not available", covered)
                    .filter(text -> !text.isEmpty())
                    .reduce("%s<br>%s"::formatted)
                    .orElseThrow();
        }
        if (!covering.isEmpty()) {
            return covered;
        }
        boolean made = all.stream().anyMatch(other -> other.name().startsWith(property.name() + '.'));
        return made ? "see `" + property.name() + ".*`" : "no scenario";
    }
}
