package dev.sluice.executor.engine;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What is fixed when a run starts.
 *
 * @param generation raised by each rerun; outgoing idempotency keys depend on it
 * @param startedAt  the run's first logical time
 * @param input      as it was given
 */
public record RunFacts(UUID id, int generation, Instant startedAt, JsonNode input) {}
