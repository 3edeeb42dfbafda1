package dev.sluice.executor.dispatch;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import tools.jackson.databind.JsonNode;

/** An event a gateway took in. */
record ArrivedEvent(OrganizationId organization, CloudEvent event) {

    /** The input of a run it starts: an array with this one event (DSL, "Event-driven scheduling"). */
    JsonNode input(Workflow.EventRead read) {
        JsonNode value = switch (read) {
            case DATA, RAW -> event.data();
            case ENVELOPE -> event.envelope();
        };
        return Json.array().add(value);
    }
}
