package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A script in JavaScript: {@code run: script}. What is no text of what it is given becomes JSON.
 *
 * @param code        an ECMAScript module
 * @param stdin       gives its standard input, absent for an empty one
 * @param arguments   gives a list, absent for an empty one
 * @param environment gives an object, absent for an empty one
 * @param await       whether the task waits for its end; if not, its output is its input, and the script ends with the node
 * @param output      what of it becomes the task's output
 */
public record Script(
        String code,
        @Nullable Template stdin,
        @Nullable Template arguments,
        @Nullable Template environment,
        boolean await,
        ProcessOutput output)
        implements Call {

    /** Nobody asks a script who it is. */
    @Override
    public @Nullable Authentication authentication() {
        return null;
    }
}
