package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code emit}: an event that is committed together with the entry that says so, and so exactly once. */
final class EmitInterpreter {

    /** As much as a gateway takes. */
    static final int MAX_BYTES = 1 << 20;

    private static final int LONGEST_ATTRIBUTE = 1_024;

    private static final String JSON = "application/json";

    /** Attributes that are text whatever an expression gives; extensions keep their type (CloudEvents, "Type System"). */
    private static final Set<String> TEXTS = Set.of("subject", "dataschema");

    private final WorkflowName workflow;
    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final int maxDepth;

    EmitInterpreter(WorkflowName workflow, RunFacts facts, EffectLog log, Evaluations evaluations, int maxDepth) {
        this.workflow = workflow;
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.maxDepth = maxDepth;
    }

    /** Emits the event, or reads back the one that was emitted. */
    Mono<Step> run(Task.Emit task, Frame frame, State state) {
        return log.once(EntryKind.EMITTED, frame.at(), task.base(), evaluations.of(() -> emission(task, frame, state)))
                .map(entry -> new Step(
                        state.passed(entry.at()).withData(Emission.event(entry.payload())),
                        task.base().then(),
                        entry.seq()));
    }

    private JsonNode emission(Task.Emit task, Frame frame, State state) {
        if (facts.depth() >= maxDepth) {
            throw new TaskFault(Depth.exceeded(task.base(), maxDepth), state);
        }
        UUID id = Ids.next();
        ObjectNode event =
                envelope(id, log.scrubber().scrub(task.event().evaluate(state.data(), frame.scope())), state.clock());
        int size = EncodedJson.of(event).size();
        if (size > MAX_BYTES) {
            throw oversized(task.base(), size, state);
        }
        return Emission.payload(id, event);
    }

    private ObjectNode envelope(UUID id, JsonNode attributes, Instant clock) {
        ObjectNode event = Json.object();
        event.put("specversion", CloudEvent.SPEC_VERSION);
        event.put("id", text(attributes, "id", id.toString()));
        event.put("source", text(attributes, "source", "/" + workflow.path() + "/" + workflow.version()));
        event.put("type", text(attributes, "type", null));
        event.put("time", time(text(attributes, "time", clock.toString())));
        String type = text(attributes, "datacontenttype", JSON);
        event.put("datacontenttype", type);
        attributes.properties().stream()
                .filter(attribute -> !event.has(attribute.getKey()))
                .forEach(attribute -> event.set(attribute.getKey(), scalar(attribute.getKey(), attribute.getValue())));
        if (!event.has("data")) {
            event.putNull("data");
        }
        JsonNode data = event.path("data");
        if (!isJson(type) && !data.isString() && !data.isNull()) {
            throw new ExpressionException(
                    "The event's data must be a string, as its 'datacontenttype' is " + type + ", not JSON.");
        }
        return event;
    }

    /** Whether data of this type may be any value (CloudEvents, JSON Event Format, section 3.1). */
    private static boolean isJson(String mediaType) {
        String plain = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return plain.endsWith("/json") || plain.endsWith("+json");
    }

    private static String text(JsonNode attributes, String name, @Nullable String otherwise) {
        JsonNode value = attributes.path(name);
        if (value.isMissingNode() && otherwise != null) {
            return otherwise;
        }
        if (!value.isString()
                || value.stringValue().isEmpty()
                || value.stringValue().length() > LONGEST_ATTRIBUTE
                || value.stringValue().chars().anyMatch(Character::isISOControl)) {
            throw new ExpressionException("The event's '" + name + "' must be a string of 1 to " + LONGEST_ATTRIBUTE
                    + " characters, none of them a control character, not " + Json.text(value));
        }
        return value.stringValue();
    }

    private static String time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toString();
        } catch (DateTimeException e) {
            throw new ExpressionException("The event's 'time' must be one such as 2026-01-31T12:00:00Z, not " + text);
        }
    }

    private static JsonNode scalar(String name, JsonNode value) {
        if (name.equals("data")) {
            return value;
        }
        if (value.isContainer() || value.isNull()) {
            throw new ExpressionException("The event's '" + name + "' must be a string, a number or a boolean.");
        }
        return TEXTS.contains(name) ? Json.string(value.asString()) : value;
    }

    private static TaskFault oversized(TaskBase base, int size, State state) {
        String detail = "The event has " + size + " bytes, at most " + MAX_BYTES
                + " are possible: emit a reference to the data instead.";
        return new TaskFault(ErrorType.VALIDATION.at(base.reference(), detail), state);
    }
}
