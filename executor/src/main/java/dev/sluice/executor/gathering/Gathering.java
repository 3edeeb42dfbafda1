package dev.sluice.executor.gathering;

import java.util.UUID;

/**
 * The sets of a version of a workflow, from its activation until another one becomes active.
 *
 * @param opened number of the last set that was opened
 * @param open   how many sets are open
 */
record Gathering(UUID id, UUID definitionId, long opened, int open) {}
