package dev.sluice.executor.gathering;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A set that an event is in, and that has not started its run.
 *
 * @param there  how many events it has
 * @param needed how many it takes; null where it takes any number, until something ends it
 */
public record Waiting(
        UUID definitionId, int there, @Nullable Integer needed) {}
