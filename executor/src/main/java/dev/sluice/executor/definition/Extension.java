package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tasks before and after those of a kind (DSL reference, "Extension").
 *
 * @param when   whether it applies to a task, evaluated over its raw input; absent for always
 * @param before done first; {@code exit} in them puts their output in the place of the task's
 * @param after  done when the task has ended well, over its output, which they do not change
 */
public record Extension(
        String name,
        @Nullable Expression when,
        @Nullable TaskList before,
        @Nullable TaskList after) {

    /** All of its tasks. */
    public List<Task> tasks() {
        return Stream.of(before, after)
                .flatMap(list -> list == null ? Stream.of() : list.tasks().stream())
                .toList();
    }
}
