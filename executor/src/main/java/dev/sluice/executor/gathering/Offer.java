package dev.sluice.executor.gathering;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** An event that is offered to the sets of a workflow. Immutable. */
public final class Offer {

    private final OrganizationId organization;
    private final UUID definitionId;
    private final WorkflowName workflow;
    private final UUID eventId;
    private final int depth;
    private final Rule rule;
    private final List<Place> places;
    private final EncodedJson value;

    Offer(
            OrganizationId organization,
            UUID definitionId,
            WorkflowName workflow,
            UUID eventId,
            int depth,
            Rule rule,
            List<Place> places,
            EncodedJson value) {
        this.organization = organization;
        this.definitionId = definitionId;
        this.workflow = workflow;
        this.eventId = eventId;
        this.depth = depth;
        this.rule = rule;
        this.places = List.copyOf(places);
        this.value = value;
    }

    /** What an event is to a version of a workflow whose triggers go together; empty when it could fill no place. */
    public static Optional<Offer> of(ArrivedEvent event, UUID definitionId, Workflow workflow) {
        List<Place> places = Place.of(workflow.triggers(), event.envelope());
        if (places.isEmpty()) {
            return Optional.empty();
        }
        JsonNode read = workflow.read().of(event.envelope());
        return Optional.of(new Offer(
                event.organization(),
                definitionId,
                workflow.name(),
                event.id(),
                event.depth(),
                Rule.of(Objects.requireNonNull(workflow.on())),
                places,
                EncodedJson.of(read.isMissingNode() ? NullNode.getInstance() : read)));
    }

    /** The event. */
    public UUID eventId() {
        return eventId;
    }

    /** What the event adds to the run's input, in bytes. */
    public int size() {
        return value.size();
    }

    /** Whether a condition is evaluated when the event is taken. */
    public boolean conditional() {
        return rule instanceof Rule.Until until && until.condition() != null;
    }

    OrganizationId organization() {
        return organization;
    }

    UUID definitionId() {
        return definitionId;
    }

    WorkflowName workflow() {
        return workflow;
    }

    int depth() {
        return depth;
    }

    Rule rule() {
        return rule;
    }

    List<Place> places() {
        return places;
    }

    EncodedJson value() {
        return value;
    }
}
