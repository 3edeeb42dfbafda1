package dev.sluice.executor.engine;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An event that a {@code listen} may consume.
 *
 * @param id       of the event in Sluice, which the sender's own may differ from
 * @param position of the filter that it matches; of several the first
 */
public record HeardEvent(UUID id, int position, JsonNode envelope) {}
