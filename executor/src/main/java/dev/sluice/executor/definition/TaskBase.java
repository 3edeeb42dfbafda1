package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every task has.
 *
 * @param name       the task's name, unique in its list
 * @param reference  JSON pointer of the task in the document, such as {@code /do/0/first}
 * @param type       the defining keyword: {@code call}, {@code set}, …
 * @param placeHash  hash of reference and type; a journal entry that disagrees was written for another document
 * @param condition  {@code if}
 * @param inputFrom  {@code input.from}
 * @param outputAs   {@code output.as}
 * @param exportAs   {@code export.as}
 * @param timeout    {@code timeout.after}
 * @param then       where to go after it
 * @param definition the task as it stands in the document, for {@code $task.definition}
 */
public record TaskBase(
        String name,
        String reference,
        String type,
        int placeHash,
        @Nullable Expression condition,
        @Nullable Template inputFrom,
        @Nullable Template outputAs,
        @Nullable Template exportAs,
        @Nullable DurationValue timeout,
        FlowDirective then,
        JsonNode definition) {}
