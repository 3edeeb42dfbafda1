package dev.sluice.executor.expression.format;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.JsonText;
import dev.sluice.executor.expression.text.Numbers;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Arrays of scalars in one line: as rows of a table, and as words of a shell. */
final class Rows {

    private Rows() {}

    static String csv(JsonNode value, Budget budget) {
        return table(value, "cannot be csv-formatted, only array", new Row(",", "\"", Escapes.CSV, budget));
    }

    static String tsv(JsonNode value, Budget budget) {
        return table(value, "cannot be tsv-formatted, only array", new Row("\t", "", Escapes.TSV, budget));
    }

    static String sh(JsonNode value, Budget budget) {
        Row row = new Row(" ", "'", Escapes.SH, budget);
        for (JsonNode word : value.isArray() ? value : List.of(value)) {
            row.separate();
            switch (word.getNodeType()) {
                case STRING -> row.string(word.stringValue());
                case ARRAY, OBJECT -> throw Formats.refused(word, "can not be escaped for shell");
                case NUMBER, BOOLEAN, NULL, MISSING, BINARY, POJO -> row.json(word);
            }
        }
        return row.line.toString();
    }

    private static String table(JsonNode value, String refusal, Row row) {
        if (!value.isArray()) {
            throw Formats.refused(value, refusal);
        }
        for (JsonNode cell : value) {
            row.separate();
            switch (cell.getNodeType()) {
                case STRING -> row.string(cell.stringValue());
                case BOOLEAN -> row.json(cell);
                case NUMBER -> {
                    if (!Double.isNaN(Numbers.toDouble(cell))) {
                        row.json(cell);
                    }
                }
                case NULL, MISSING, BINARY, POJO -> {}
                // Of a row of @tsv too.
                case ARRAY, OBJECT -> throw Formats.refused(cell, "is not valid in a csv row");
            }
        }
        return row.line.toString();
    }

    private static final class Row {

        private final StringBuilder line = new StringBuilder();
        private final String separator;
        private final String quote;
        private final Escapes escapes;
        private final Budget budget;
        private boolean begun;

        Row(String separator, String quote, Escapes escapes, Budget budget) {
            this.separator = separator;
            this.quote = quote;
            this.escapes = escapes;
            this.budget = budget;
        }

        void separate() {
            budget.characters(3);
            if (begun) {
                line.append(separator);
            }
            begun = true;
        }

        void string(String text) {
            line.append(quote);
            escapes.append(text, line, budget);
            line.append(quote);
        }

        void json(JsonNode scalar) {
            JsonText.write(scalar, line, budget);
        }
    }
}
