package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import java.util.List;
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
 * @param input      of what comes in
 * @param output     of what goes out
 * @param export     of the context, identity for no change
 * @param timeout    {@code timeout.after}
 * @param then       where to go after it
 * @param extensions what comes before and after it; none of them applies in an extension's own tasks
 * @param definition the task as it stands in the document, for {@code $task.definition}
 * @param deferral   gives the same with all of its schemas, absent when they are there
 */
public record TaskBase(
        String name,
        String reference,
        String type,
        int placeHash,
        @Nullable Expression condition,
        Transformation input,
        Transformation output,
        Transformation export,
        @Nullable DurationValue timeout,
        FlowDirective then,
        List<Extension> extensions,
        JsonNode definition,
        @Nullable Deferral<TaskBase> deferral) {}
