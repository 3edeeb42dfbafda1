package dev.sluice.executor.engine;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A message that came from a channel.
 *
 * @param value what the workflow sees of it
 * @param id    by which its channel goes on after it, null where there is none
 */
public record Message(JsonNode value, @Nullable String id) {}
