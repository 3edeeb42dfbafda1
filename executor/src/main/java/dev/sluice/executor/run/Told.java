package dev.sluice.executor.run;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A lifecycle event that is stored if somebody listens for it.
 *
 * @param id       in Sluice, and in its envelope
 * @param depth    how many runs before it count as having started one another, up to the run that it tells of
 * @param envelope structured JSON form (CloudEvents 1.0.2), of which the data is the last
 */
record Told(UUID id, int depth, JsonNode envelope) {

    static Told of(RunEvent event, int depth) {
        JsonNode envelope = event.envelope();
        return new Told(UUID.fromString(envelope.path("id").asString()), depth, envelope);
    }
}
