package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Something that happened in a run, as watchers see it. All of them share one text, written when the first needs it. */
final class RunEvent {

    private static final List<String> DATA = List.of("output", "error", "correlationKeys");

    private final @Nullable Integer seq;
    private final boolean preceding;
    private final String type;
    private final JsonNode envelope;
    private final @Nullable RunEnd end;
    private volatile byte @Nullable [] frame;
    private volatile @Nullable Shown shown;

    /**
     * An event.
     *
     * @param seq      durable position, absent for what is not journaled; such events may repeat
     * @param type     CloudEvent type
     * @param envelope the CloudEvent in structured JSON
     * @param end      how the run ended, set on its last event only
     */
    RunEvent(@Nullable Integer seq, String type, JsonNode envelope, @Nullable RunEnd end) {
        this(seq, false, type, envelope, end);
    }

    private RunEvent(@Nullable Integer seq, boolean preceding, String type, JsonNode envelope, @Nullable RunEnd end) {
        this.seq = seq;
        this.preceding = preceding;
        this.type = type;
        this.envelope = envelope;
        this.end = end;
    }

    /** The position that whoever has seen this can go on from; none of an event that another of the same position follows. */
    @Nullable
    Integer seq() {
        return preceding ? null : seq;
    }

    /** The same, of a position that another event has which follows it: only that one carries the id. */
    RunEvent preceding() {
        return new RunEvent(seq, true, type, envelope, end);
    }

    String type() {
        return type;
    }

    @Nullable
    RunEnd end() {
        return end;
    }

    /** The CloudEvent in structured JSON; not to be changed. */
    JsonNode envelope() {
        return envelope;
    }

    /** The same, of a run that goes on after it. */
    RunEvent followed() {
        return new RunEvent(seq, preceding, type, envelope, null);
    }

    /** The same where an entry says it later. */
    RunEvent in(int entry) {
        return new RunEvent(entry, preceding, type, envelope, end);
    }

    /** As somebody sees it who may not see all of its data; the same for all who see it by the same rules. */
    @SuppressWarnings("ReferenceEquality") // where nothing is hidden all share one text
    RunEvent shown(Masking masking) {
        Shown last = shown;
        if (last != null && last.by() == masking) {
            return last.event();
        }
        JsonNode visible = visible(masking);
        if (visible == envelope) {
            return this;
        }
        RunEvent event = new RunEvent(seq, preceding, type, visible, end);
        shown = new Shown(masking, event);
        return event;
    }

    /** What it is called and where it happened is no data of anybody's. */
    @SuppressWarnings("ReferenceEquality") // as above
    private JsonNode visible(Masking masking) {
        JsonNode visible = envelope;
        for (String name : DATA) {
            JsonNode before = envelope.path("data").path(name);
            JsonNode after = before.isMissingNode() ? before : masking.shown(name, before);
            if (after != before) {
                visible = visible == envelope ? envelope.deepCopy() : visible;
                ObjectNode data = (ObjectNode) visible.path("data");
                data.set(name, after == null ? NullNode.getInstance() : after);
            }
        }
        return visible;
    }

    private record Shown(Masking by, RunEvent event) {}

    boolean after(int position) {
        return seq == null || seq > position;
    }

    /** The event as a server-sent event, in UTF-8; not to be changed. */
    byte[] frame() {
        byte[] written = frame;
        if (written == null) {
            // JSON text has no line breaks of its own. Should two watchers come at the same time, either text does.
            String id = seq() == null ? "" : "id:" + seq + "\n";
            written = (id + "event:" + type + "\ndata:" + Json.text(envelope) + "\n\n").getBytes(UTF_8);
            frame = written;
        }
        return written;
    }
}
