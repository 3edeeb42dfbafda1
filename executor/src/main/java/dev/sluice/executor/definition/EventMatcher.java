package dev.sluice.executor.definition;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One condition on an event's envelope. Immutable and thread-safe. */
@FunctionalInterface
public interface EventMatcher {

    /** Why the event does not match, empty when it does. A condition whose expression fails does not match. */
    Optional<String> mismatch(JsonNode envelope);
}
