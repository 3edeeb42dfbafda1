package dev.sluice.executor.definition;

import dev.sluice.executor.definition.Schedule.MissedTicks;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code schedule}: the events and the times that start a run. */
final class ScheduleCompiler {

    private final Violations violations;
    private final EventFilterCompiler filters;
    private final RecurrenceCompiler recurrences;

    ScheduleCompiler(Violations violations, ExpressionCompiler expressions, DurationCompiler durations) {
        this.violations = violations;
        this.filters = new EventFilterCompiler(violations, expressions);
        this.recurrences = new RecurrenceCompiler(violations, durations);
    }

    /**
     * The times; null when there are none.
     *
     * @param settings {@code metadata.sluice.schedule} of the document
     */
    @Nullable
    Schedule times(@Nullable Fields schedule, @Nullable Fields settings) {
        ZoneId zone = recurrences.zone(settings);
        MissedTicks missed =
                settings == null ? MissedTicks.ONCE : settings.choice("missed", MissedTicks.class, MissedTicks.ONCE);
        Recurrence recurrence = schedule == null ? null : recurrences.compile(schedule, zone);
        return recurrence == null ? null : new Schedule(recurrence, missed);
    }

    /** One filter for each kind of event that starts a run; none without {@code schedule.on}. */
    List<EventFilter> triggers(@Nullable Fields schedule) {
        if (schedule == null) {
            return List.of();
        }
        Fields on = schedule.object("on");
        if (on == null && schedule.has("read")) {
            violations.report(schedule.pointer("read"), "'read' needs 'on'");
        }
        boolean any = on != null || schedule.has("every") || schedule.has("cron") || schedule.has("after");
        if (!any) {
            violations.report(schedule.pointer(), "needs one of every, cron, after, on");
        }
        return on == null ? List.of() : consumed(on);
    }

    private List<EventFilter> consumed(Fields on) {
        on.unavailable("all", "until");
        JsonNode one = on.get("one");
        JsonNode any = on.get("any");
        on.close();
        int given = (one == null ? 0 : 1) + (any == null ? 0 : 1) + (on.has("all") ? 1 : 0);
        if (given != 1) {
            violations.report(on.pointer(), "needs exactly one of one, any, all");
        }
        List<EventFilter> triggers = new ArrayList<>();
        if (one != null) {
            triggers.add(filters.compile(one, on.pointer("one")));
        }
        if (any != null) {
            triggers.addAll(any(any, on.pointer("any")));
        }
        return triggers;
    }

    private List<EventFilter> any(JsonNode value, String pointer) {
        if (!value.isArray()) {
            violations.report(pointer, "must be a list of event filters, not " + Fields.kind(value));
            return List.of();
        }
        if (value.isEmpty()) {
            // The specification's way of saying "each event, whatever it is".
            return List.of(new EventFilter(null, null, List.of(), List.of()));
        }
        List<EventFilter> triggers = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            triggers.add(filters.compile(value.get(i), Pointers.child(pointer, i)));
        }
        return triggers;
    }
}
