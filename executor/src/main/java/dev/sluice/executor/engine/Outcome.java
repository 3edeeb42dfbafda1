package dev.sluice.executor.engine;

import dev.sluice.executor.definition.OnUnknown;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How an effect ended, as it goes into the journal. */
record Outcome(EntryKind kind, JsonNode payload) {

    private static final String ERROR = "error";
    private static final String EXPIRED = "expired";
    private static final String UNKNOWN = "unknown";
    private static final String FINAL = "final";

    /** Of a fault inside of a task; null when no effect was its origin. */
    private static final String ORIGIN = "origin";

    static Outcome completed(JsonNode output) {
        return new Outcome(EntryKind.COMPLETED, output);
    }

    static Outcome failed(DslError error) {
        ObjectNode payload = Json.object();
        payload.set(ERROR, error.toJson());
        return new Outcome(EntryKind.FAILED, payload);
    }

    /** Time was up before it could begin. */
    static Outcome expired(Deadline deadline) {
        Outcome outcome = failed(deadline.error());
        ((ObjectNode) outcome.payload).put(EXPIRED, deadline.path());
        return outcome;
    }

    /** A fault of a task inside of a composite one, which ends that. */
    static Outcome of(TaskFault fault) {
        Outcome outcome = failed(fault.error());
        ObjectNode payload = (ObjectNode) outcome.payload;
        payload.put(ORIGIN, fault.origin());
        if (fault.expired() != null) {
            payload.put(EXPIRED, fault.expired());
        }
        return fault.repeatable() ? outcome : outcome.unrepeatable();
    }

    private Outcome unrepeatable() {
        ((ObjectNode) payload).put(FINAL, true);
        return this;
    }

    /** The upstream may have done what was asked; nobody knows. */
    Outcome unknown(OnUnknown policy) {
        ((ObjectNode) payload).put(UNKNOWN, true);
        return policy == OnUnknown.FAIL ? unrepeatable() : this;
    }

    /** The same without what is secret in an output, or in what an error says. */
    Outcome without(Scrubber scrubber) {
        if (scrubber.isIdle()) {
            return this;
        }
        if (kind == EntryKind.COMPLETED) {
            return completed(scrubber.scrub(payload));
        }
        if (payload.has(ERROR)) {
            DslError error = DslError.fromJson(payload.path(ERROR)).without(scrubber);
            ((ObjectNode) payload).set(ERROR, error.toJson());
        }
        return this;
    }

    static boolean isUnknown(Entry entry) {
        return entry.kind() == EntryKind.FAILED && entry.payload().path(UNKNOWN).asBoolean(false);
    }

    /** The fault that a failed entry stands for. */
    static TaskFault fault(Entry entry, State after) {
        JsonNode payload = entry.payload();
        JsonNode expired = payload.path(EXPIRED);
        JsonNode origin = payload.path(ORIGIN);
        return new TaskFault(
                DslError.fromJson(payload.path(ERROR)),
                after,
                origin.isMissingNode() ? entry.path() : origin.asString(null),
                expired.isString() ? expired.asString() : null,
                !payload.path(FINAL).asBoolean(false),
                entry);
    }
}
