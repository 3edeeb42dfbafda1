package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.bench.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a scenario measured, a line each, and what was wrong. One thread. */
final class Findings {

    private final String title;
    private final Consumer<String> out;
    private final List<List<String>> lines = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /**
     * Nothing yet.
     *
     * @param out shown each line when it is there
     */
    Findings(String title, Consumer<String> out) {
        this.title = title;
        this.out = out;
    }

    void add(String what, String figure) {
        out.accept("  " + what + ": " + figure);
        lines.add(List.of(what, figure));
    }

    /** The account is not exact. */
    void wrong(String sentence) {
        out.accept("  WRONG: " + sentence);
        wrong.add(sentence);
    }

    boolean exact() {
        return wrong.isEmpty();
    }

    /** A title, the table, and whether the account is exact. */
    String markdown() {
        String account = exact() ? "The account is exact." : "NOT EXACT:\n- " + String.join("\n- ", wrong);
        return "## " + title + "\n\n" + MarkdownTable.of(List.of("figure", "value"), lines) + "\n\n" + account + "\n";
    }
}
