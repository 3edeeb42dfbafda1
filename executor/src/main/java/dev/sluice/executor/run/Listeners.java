package dev.sluice.executor.run;

/**
 * Who listens for a run when a node takes it up.
 *
 * @param start whether somebody listens for starts of runs, and this one has not gone far enough to be known
 * @param more  whether somebody listens for more than starts and ends, such as for what happens to tasks
 */
public record Listeners(boolean start, boolean more) {}
