package dev.sluice.executor.engine;

import dev.sluice.executor.definition.EventFilter;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code listen} wants to hear.
 *
 * @param id        the same for each repetition of the same listen of a run
 * @param reference JSON pointer of the task
 */
public record Subscription(UUID id, String reference, List<Interest> interests) {

    public Subscription {
        interests = List.copyOf(interests);
    }

    /**
     * One of its filters.
     *
     * @param position among the filters of the task
     * @param expected values of the correlations that say what they expect, in the order of their names
     */
    public record Interest(int position, EventFilter filter, List<JsonNode> expected) {

        public Interest {
            expected = List.copyOf(expected);
        }
    }
}
