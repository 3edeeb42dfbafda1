package dev.sluice.executor.definition;

import dev.sluice.executor.definition.Schedule.MissedTicks;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Compiles {@code schedule}: the events and the times that start a run. */
final class ScheduleCompiler {

    private final Violations violations;
    private final ConsumptionCompiler consumptions;
    private final RecurrenceCompiler recurrences;

    ScheduleCompiler(Violations violations, ExpressionCompiler expressions, DurationCompiler durations) {
        this.violations = violations;
        this.consumptions = new ConsumptionCompiler(violations, expressions);
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

    /** The events; null without {@code schedule.on}. */
    @Nullable
    Consumption events(@Nullable Fields schedule) {
        if (schedule == null) {
            return null;
        }
        Fields on = schedule.object("on");
        if (on == null && schedule.has("read")) {
            violations.report(schedule.pointer("read"), "'read' needs 'on'");
        }
        boolean any = on != null || schedule.has("every") || schedule.has("cron") || schedule.has("after");
        if (!any) {
            violations.report(schedule.pointer(), "needs one of every, cron, after, on");
        }
        return on == null ? null : consumptions.compileTriggers(on);
    }
}
