package dev.sluice.executor.erasure;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a step of an erasure came to.
 *
 * @param erased rows that went
 * @param walked whether it got to the end of all tables
 * @param clean  whether nothing was found on all that way
 * @param counts rows of each table that went so far, a JSON object
 */
record ErasureStep(long erased, boolean walked, boolean clean, String counts) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("erased", erased);
        json.put("walked", walked);
        json.put("clean", clean);
        json.set("counts", Json.trusted(counts.getBytes(StandardCharsets.UTF_8)));
        return json;
    }
}
