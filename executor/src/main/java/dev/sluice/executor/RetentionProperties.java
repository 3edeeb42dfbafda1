package dev.sluice.executor;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long what is over is kept. Journals and large inputs stay as long as a run of their month lives or is in history,
 * receipts as long as the events of their month.
 *
 * @param history of runs that have ended, from their end, and of sets of events that lack one, from their first; at least two days, since idempotency keys refer to them for one
 */
@Validated
@ConfigurationProperties("sluice.retention")
record RetentionProperties(@DefaultValue("30d") @NotNull Duration history) {

    private static final Duration LEAST = Duration.ofDays(2);

    RetentionProperties {
        if (history.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("history: " + history + " (expected: >= " + LEAST + ")");
        }
    }
}
