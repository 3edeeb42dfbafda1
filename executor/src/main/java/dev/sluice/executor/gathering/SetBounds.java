package dev.sluice.executor.gathering;

/**
 * How much may gather.
 *
 * @param sets   that are open, of one workflow; above it the oldest are dropped
 * @param events of one set that grows until something ends it; with the last of them it is full, and starts its run
 * @param bytes  that those add to the run's input; with the event that reaches it the set is full
 */
public record SetBounds(int sets, int events, long bytes) {}
