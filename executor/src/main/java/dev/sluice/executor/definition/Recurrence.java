package dev.sluice.executor.definition;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * When runs of a workflow begin by themselves ({@code schedule.every}, {@code schedule.cron}, {@code schedule.after}).
 * Immutable.
 */
public sealed interface Recurrence {

    /** The first tick of a schedule that begins now, or null when there is none. */
    default @Nullable Instant first(Instant now) {
        return next(now, now);
    }

    /**
     * The first tick later than {@code now}, or null when there is none.
     *
     * @param tick a former one, or when the schedule began
     */
    @Nullable
    Instant next(Instant tick, Instant now);

    /** At once, and again a while after that run has ended, however it did: the tick comes from its end. */
    record After(Duration delay) implements Recurrence {

        @Override
        public Instant first(Instant now) {
            return now;
        }

        @Override
        public @Nullable Instant next(Instant tick, Instant now) {
            return null;
        }
    }

    /** A period after the former tick, whether the run that it began has ended or not. */
    record Every(Duration period) implements Recurrence {

        @Override
        public Instant next(Instant tick, Instant now) {
            Duration since = Duration.between(tick, now);
            long passed = since.isNegative() ? 0 : since.dividedBy(period);
            return tick.plus(period.multipliedBy(passed + 1));
        }
    }

    /**
     * The minutes that a cron expression names, by the clock of a time zone.
     *
     * @param alternatives each names some of them: where both days are restricted, either will do, as in POSIX crontab
     */
    record Cron(List<CronExpression> alternatives, ZoneId zone) implements Recurrence {

        public Cron {
            alternatives = List.copyOf(alternatives);
        }

        @Override
        public @Nullable Instant next(Instant tick, Instant now) {
            ZonedDateTime from = (now.isAfter(tick) ? now : tick).atZone(zone);
            return alternatives.stream()
                    .map(cron -> cron.next(from))
                    .filter(Objects::nonNull)
                    .map(ZonedDateTime::toInstant)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }
    }
}
