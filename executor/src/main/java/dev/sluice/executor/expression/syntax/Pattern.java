package dev.sluice.executor.expression.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a value is taken apart by: {@code . as [$a, {b: $c}]}. */
public sealed interface Pattern {

    /** {@code $name}. */
    record Name(int at, String name) implements Pattern {}

    /** {@code [pattern, …]}. */
    record Elements(int at, List<Pattern> elements) implements Pattern {}

    /** {@code {key: pattern, $name, …}}. */
    record Entries(int at, List<Entry> entries) implements Pattern {}

    /** One entry: its key, the variable that takes its value as a whole, and the pattern that takes it apart. */
    record Entry(Term key, @Nullable String name, @Nullable Pattern value) {}
}
