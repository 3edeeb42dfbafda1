package dev.sluice.executor.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecurrenceTest {

    @CsvSource(
            delimiter = '|',
            value = {
                "*/15 * * * *   | UTC              | 2026-03-01T10:07:00Z | 2026-03-01T10:15:00Z 2026-03-01T10:30:00Z",
                "0 9 * * MON-FRI| UTC              | 2026-03-06T09:00:00Z | 2026-03-09T09:00:00Z 2026-03-10T09:00:00Z",
                "@daily         | Europe/Berlin    | 2026-01-01T12:00:00Z | 2026-01-01T23:00:00Z 2026-01-02T23:00:00Z",
                // Either of the two days will do when both are restricted, as in POSIX crontab.
                "0 0 13 * FRI   | UTC              | 2026-02-01T00:00:00Z | 2026-02-06T00:00:00Z 2026-02-13T00:00:00Z 2026-02-20T00:00:00Z",
                "0 0 29 2 *     | UTC              | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z",
                // Clocks go forward at 02:00 and back at 03:00: nine o'clock stays nine o'clock.
                "0 9 * * *      | Europe/Berlin    | 2026-03-28T00:00:00Z | 2026-03-28T08:00:00Z 2026-03-29T07:00:00Z",
                "0 9 * * *      | America/New_York | 2026-10-31T00:00:00Z | 2026-10-31T13:00:00Z 2026-11-01T14:00:00Z"
            })
    @ParameterizedTest
    void findsTheTimesOfACronExpression(String cron, String zone, String from, String expected) {
        Schedule schedule = schedule("cron: '" + cron + "'", "timeZone: " + zone);

        List<String> ticks = new ArrayList<>();
        Instant at = Instant.parse(from);
        for (int i = 0; i < expected.split(" ").length; i++) {
            at = Objects.requireNonNull(schedule.recurrence().next(at, at));
            ticks.add(at.toString());
        }
        assertThat(ticks).containsExactly(expected.split(" "));
    }

    @Test
    void repeatsEveryPeriodOnItsGrid() {
        Recurrence every = schedule("every: PT10M", null).recurrence();
        Instant tick = Instant.parse("2026-01-01T00:03:00Z");

        assertThat(every.next(tick, tick)).isEqualTo("2026-01-01T00:13:00Z");
        assertThat(every.next(tick, tick.plus(Duration.ofMinutes(10)))).isEqualTo("2026-01-01T00:23:00Z");
        assertThat(every.next(tick, tick.plus(Duration.ofMinutes(65)))).isEqualTo("2026-01-01T01:13:00Z");
        assertThat(every.next(tick, tick.minusSeconds(5))).isEqualTo("2026-01-01T00:13:00Z");
    }

    private static Schedule schedule(String schedule, @Nullable String settings) {
        String metadata = settings == null ? "" : ", metadata: { sluice: { schedule: { " + settings + " } } }";
        String document = """
                document: { dsl: '1.0.3', namespace: n, name: n, version: '1.0.0'%s }
                schedule: { %s }
                do: [ { stand: { set: { a: 1 } } } ]
                """.formatted(metadata, schedule);
        Workflow workflow = WorkflowDocuments.read(document.getBytes(UTF_8), WorkflowDocuments.Format.YAML);
        return Objects.requireNonNull(workflow.schedule());
    }
}
