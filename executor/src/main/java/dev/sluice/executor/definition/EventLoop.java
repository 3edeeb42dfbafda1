package dev.sluice.executor.definition;

/**
 * What is done with each event that is consumed (DSL reference, "Subscription Iterator").
 *
 * @param item     variable of the event
 * @param at       variable of its index
 * @param tasks    done before the next event is consumed; empty for none
 * @param output of what goes into the task's output
 * @param export of the context, identity for no change
 */
public record EventLoop(String item, String at, TaskList tasks, Transformation output, Transformation export) {}
