package dev.sluice.executor.expression.format;

import dev.sluice.executor.expression.limit.Budget;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Characters that another language needs to be written otherwise. All of jq's formats write U+0000 as {@code \0}. */
final class Escapes {

    static final Escapes HTML =
            new Escapes(Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '\'', "&apos;", '"', "&quot;"));
    static final Escapes CSV = new Escapes(Map.of('"', "\"\""));
    static final Escapes TSV = new Escapes(Map.of('\t', "\\t", '\r', "\\r", '\n', "\\n", '\\', "\\\\"));
    static final Escapes SH = new Escapes(Map.of('\'', "'\\''"));

    private static final int ASCII = 128;

    private final @Nullable String[] replacements = new @Nullable String[ASCII];

    private Escapes(Map<Character, String> replacements) {
        replacements.forEach((character, replacement) -> this.replacements[character] = replacement);
        this.replacements[0] = "\\0";
    }

    String apply(String text, Budget budget) {
        StringBuilder escaped = new StringBuilder();
        append(text, escaped, budget);
        return escaped.toString();
    }

    void append(String text, StringBuilder escaped, Budget budget) {
        budget.characters(text.length());
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            budget.look(i);
            char c = text.charAt(i);
            String replacement = c < ASCII ? replacements[c] : null;
            if (replacement != null) {
                budget.characters(replacement.length());
                escaped.append(text, from, i).append(replacement);
                from = i + 1;
            }
        }
        escaped.append(text, from, text.length());
    }
}
