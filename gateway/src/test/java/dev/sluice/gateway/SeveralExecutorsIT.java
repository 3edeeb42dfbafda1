package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One executor that is there, and others that are not, or break what they are sent. */
final class SeveralExecutorsIT {

    private ScriptedExecutor executor;

    @BeforeEach
    void start() {
        executor = new ScriptedExecutor();
    }

    @AfterEach
    void stop() {
        executor.close();
    }

    /** Nothing was sent to those that cannot be reached, so another one gets it, whatever it is. */
    @Test
    void noRequestFailsForOneThatIsAway() {
        try (RunningGateway gateway =
                RunningGateway.start("sluice.executor.url=http://127.0.0.1:1," + executor.url())) {
            for (int i = 0; i < 60; i++) {
                assertThat(gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/runs:retry", "{}")
                                .status())
                        .isEqualTo(200);
            }
            assertThat(executor.seen).hasSize(60);
        }
    }

    /** A read that broke on the way is sent to one more, and then the caller is told. */
    @Test
    void aReadThatBreaksIsTriedOnceMore() {
        try (ScriptedExecutor other = new ScriptedExecutor();
                RunningGateway gateway =
                        RunningGateway.start("sluice.executor.url=" + executor.url() + "," + other.url())) {
            assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/runs/reset")
                            .status())
                    .isEqualTo(502);
            assertThat(executor.seen.size() + other.seen.size()).isEqualTo(2);
        }
    }
}
