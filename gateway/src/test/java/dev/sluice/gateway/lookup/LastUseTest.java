package dev.sluice.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

final class LastUseTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final List<Map<UUID, Instant>> written = new ArrayList<>();
    private Mono<Void> answer = Mono.empty();
    private final LastUse use = new LastUse(
            uses -> {
                written.add(uses);
                return answer;
            },
            time);

    @AfterEach
    void end() {
        use.dispose();
        VirtualTimeScheduler.reset();
    }

    @Test
    void writesTheLastUseOfEachKeyOnce() {
        UUID busy = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        use.note(busy, NOW);
        use.note(busy, NOW.plusMillis(500));
        use.note(busy, NOW.plusSeconds(3));
        use.note(other, NOW);
        time.advanceTimeBy(LastUse.PERIOD.multipliedBy(3));

        assertThat(written).containsExactly(Map.of(busy, NOW.plusSeconds(3), other, NOW));
    }

    @Test
    void goesOnAfterAFailure() {
        answer = Mono.error(new IllegalStateException("away"));
        use.note(UUID.randomUUID(), NOW);
        time.advanceTimeBy(LastUse.PERIOD);
        answer = Mono.empty();
        UUID later = UUID.randomUUID();
        use.note(later, NOW);
        time.advanceTimeBy(LastUse.PERIOD);

        assertThat(written).hasSize(2).last().isEqualTo(Map.of(later, NOW));
    }

    @Test
    void writesNothingWhenNothingWasUsed() {
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(written).isEmpty();
    }
}
