package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Latency;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class PermitControlTest {

    private static final int MAX = 1_000;

    private final VirtualTimeScheduler control = VirtualTimeScheduler.create();
    private final VirtualTimeScheduler engine = VirtualTimeScheduler.create();
    private final Latency commits = new Latency();
    private final Permits permits = new Permits(MAX, organization -> MAX);
    private final PermitControl permitControl =
            new PermitControl(permits, new AdaptiveLimit(10, MAX, Duration.ofMillis(500)), commits, engine, 2, control);

    @BeforeEach
    void start() {
        assertThat(permits.take(800)).isEqualTo(800);
        permitControl.start();
    }

    @AfterEach
    void stop() {
        permitControl.dispose();
    }

    @Test
    void givesOutFewerPermitsWhileCommitsAreSlow() {
        for (int second = 0; second < AdaptiveLimit.PATIENCE; second++) {
            commits.record(Duration.ofSeconds(1).toNanos());
            engine.advanceTime();
            control.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertThat(permits.limit()).isEqualTo(700);
        assertThat(permits.take(1)).isZero();
    }

    @Test
    void leavesThePermitsAloneWhileNothingIsCommitted() {
        for (int tick = 0; tick < 200; tick++) {
            control.advanceTimeBy(Duration.ofMillis(50));
            engine.advanceTimeBy(Duration.ofMillis(50));
        }
        assertThat(permits.limit()).isEqualTo(MAX);
    }
}
