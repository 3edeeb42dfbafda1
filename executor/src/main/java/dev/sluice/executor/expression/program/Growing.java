package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Edits;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Changes a value that nobody else has, again and again, as the update of a {@code reduce} does: {@code .[$key] = $value}, {@code . + {…}},
 * {@code . + […]}. Each time costs what is added and not what is there.
 */
interface Growing {

    /** Whether it keeps nothing of its input anywhere else; without that it is evaluated as everything is. */
    boolean grows();

    /**
     * The output, or null for none.
     *
     * @param edits made the input, or has not seen it yet
     */
    @Nullable
    JsonNode grow(Frame frame, JsonNode in, Edits edits);
}
