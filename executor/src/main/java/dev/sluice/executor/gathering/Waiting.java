package dev.sluice.executor.gathering;

import java.util.UUID;

/**
 * A set that an event is in, and that is not complete.
 *
 * @param there  how many events it has
 * @param needed how many it takes
 */
public record Waiting(UUID definitionId, int there, int needed) {}
