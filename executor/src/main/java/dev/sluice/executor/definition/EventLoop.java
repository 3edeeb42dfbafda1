package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * What is done with each event that is consumed (DSL reference, "Subscription Iterator").
 *
 * @param item     variable of the event
 * @param at       variable of its index
 * @param tasks    done before the next event is consumed; empty for none
 * @param outputAs transformation of what goes into the task's output, absent for identity
 * @param exportAs transformation of the context, absent for none
 */
public record EventLoop(
        String item,
        String at,
        TaskList tasks,
        @Nullable Template outputAs,
        @Nullable Template exportAs) {}
