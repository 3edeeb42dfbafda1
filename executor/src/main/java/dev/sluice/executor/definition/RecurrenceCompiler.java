package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/** Compiles {@code schedule.every}, {@code schedule.cron} and {@code schedule.after}. */
final class RecurrenceCompiler {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int CRON_FIELDS = 5;
    private static final int DAY_OF_MONTH = 2;
    private static final int DAY_OF_WEEK = 4;
    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private final Violations violations;
    private final DurationCompiler durations;

    RecurrenceCompiler(Violations violations, DurationCompiler durations) {
        this.violations = violations;
        this.durations = durations;
    }

    @Nullable
    Recurrence compile(Fields schedule, ZoneId zone) {
        if (Stream.of("every", "cron", "after").filter(schedule::has).count() > 1) {
            violations.report(schedule.pointer(), "needs only one of every, cron, after");
        }
        Duration every = fixed(schedule, "every", SHORTEST);
        if (every != null) {
            return new Recurrence.Every(every);
        }
        Duration after = fixed(schedule, "after", Duration.ZERO);
        return after == null ? cron(schedule, zone) : new Recurrence.After(after);
    }

    /** The zone of an IANA name, such as Europe/Berlin; UTC when there is none. */
    ZoneId zone(@Nullable Fields settings) {
        String name = settings == null ? null : settings.text("timeZone");
        if (settings == null || name == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            violations.report(settings.pointer("timeZone"), "'" + name + "' is no time zone, such as Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }

    private @Nullable Duration fixed(Fields schedule, String name, Duration least) {
        DurationValue value = durations.optional(schedule, name, Set.of());
        if (value == null) {
            return null;
        }
        try {
            Duration duration = value.resolve(Json.object(), Arguments.NONE);
            if (duration.compareTo(least) >= 0) {
                return duration;
            }
            violations.report(schedule.pointer(name), "must be at least a second");
        } catch (ExpressionException e) {
            violations.report(schedule.pointer(name), "must be a fixed duration: there is no input yet");
        }
        return null;
    }

    private @Nullable Recurrence cron(Fields schedule, ZoneId zone) {
        String text = schedule.text("cron");
        if (text == null) {
            return null;
        }
        String pointer = schedule.pointer("cron");
        String[] fields = NICKNAMES.getOrDefault(text.strip(), text.strip()).split("\\s+");
        if (fields.length != CRON_FIELDS) {
            violations.report(pointer, "must have five fields: minute, hour, day of the month, month, day of the week");
            return null;
        }
        try {
            Recurrence cron = new Recurrence.Cron(alternatives(fields), zone);
            if (cron.next(Instant.EPOCH, Instant.EPOCH) != null) {
                return cron;
            }
            violations.report(pointer, "names a time that never comes");
        } catch (IllegalArgumentException e) {
            violations.report(pointer, "is no cron expression: " + reason(e));
        }
        return null;
    }

    private static List<CronExpression> alternatives(String[] fields) {
        if (any(fields[DAY_OF_MONTH]) || any(fields[DAY_OF_WEEK])) {
            return List.of(expression(fields));
        }
        List<CronExpression> alternatives = new ArrayList<>();
        for (int day : new int[] {DAY_OF_MONTH, DAY_OF_WEEK}) {
            String[] other = fields.clone();
            other[day] = "*";
            alternatives.add(expression(other));
        }
        return alternatives;
    }

    /** Without the expression as it is known in here, which has a field more. */
    private static String reason(IllegalArgumentException error) {
        String message = Objects.requireNonNullElse(error.getMessage(), "");
        int quoted = message.indexOf(" '");
        return quoted < 0 ? message : message.substring(0, quoted);
    }

    private static boolean any(String field) {
        return field.startsWith("*") || field.equals("?");
    }

    /** Spring's has seconds in front. */
    private static CronExpression expression(String[] fields) {
        return CronExpression.parse("0 " + String.join(" ", fields));
    }
}
