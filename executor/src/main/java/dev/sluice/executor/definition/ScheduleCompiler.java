package dev.sluice.executor.definition;

import dev.sluice.executor.definition.Schedule.MissedTicks;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
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

    /**
     * What starts a run.
     *
     * @param filters one for each kind of event; none without {@code schedule.on}
     * @param together whether a run needs an event for each of them ({@code all})
     */
    record Triggers(List<EventFilter> filters, boolean together) {
        static final Triggers NONE = new Triggers(List.of(), false);
    }

    /** The events; none without {@code schedule.on}. */
    Triggers triggers(@Nullable Fields schedule) {
        if (schedule == null) {
            return Triggers.NONE;
        }
        Fields on = schedule.object("on");
        if (on == null && schedule.has("read")) {
            violations.report(schedule.pointer("read"), "'read' needs 'on'");
        }
        boolean any = on != null || schedule.has("every") || schedule.has("cron") || schedule.has("after");
        if (!any) {
            violations.report(schedule.pointer(), "needs one of every, cron, after, on");
        }
        return on == null ? Triggers.NONE : consumed(on);
    }

    private Triggers consumed(Fields on) {
        on.unavailable("until");
        JsonNode one = on.get("one");
        JsonNode any = on.get("any");
        JsonNode all = on.get("all");
        on.close();
        int given = (one == null ? 0 : 1) + (any == null ? 0 : 1) + (all == null ? 0 : 1);
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
        if (all != null) {
            triggers.addAll(all(all, on.pointer("all")));
        }
        return new Triggers(triggers, all != null);
    }

    private List<EventFilter> any(JsonNode value, String pointer) {
        if (value.isArray() && value.isEmpty()) {
            // The specification's way of saying "each event, whatever it is".
            return List.of(new EventFilter(null, null, List.of(), List.of()));
        }
        return each(value, pointer, filters::compile);
    }

    private List<EventFilter> all(JsonNode value, String pointer) {
        if (value.isArray() && value.isEmpty()) {
            violations.report(pointer, "needs an event filter");
        }
        if (value.size() > ConsumptionCompiler.MOST_FILTERS) {
            violations.report(pointer, "has more than " + ConsumptionCompiler.MOST_FILTERS + " filters");
        }
        return each(value, pointer, filters::compileForSet);
    }

    private List<EventFilter> each(JsonNode value, String pointer, BiFunction<JsonNode, String, EventFilter> compiler) {
        if (!value.isArray()) {
            violations.report(pointer, "must be a list of event filters, not " + Fields.kind(value));
            return List.of();
        }
        List<EventFilter> list = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            list.add(compiler.apply(value.get(i), Pointers.child(pointer, i)));
        }
        return list;
    }
}
