package dev.sluice.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

final class RedisTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void failsFastWhenThePeerAcceptsAndSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Redis redis = new Redis(settings(silent.getLocalPort()))) {
            StepVerifier.create(new WorkStreams(redis, 10).backlog())
                    .expectErrorSatisfies(RedisTest::isUnavailable)
                    .verify(DEADLINE);
        }
    }

    @Test
    void keepsThePasswordOutOfItsText() {
        assertThat(settings(1)).asString().doesNotContain("secret");
    }

    @Test
    void refusesBoundsThatAreNone() {
        URI url = URI.create("redis://127.0.0.1:1");
        assertThatIllegalArgumentException().isThrownBy(() -> new RedisSettings(url, Duration.ZERO, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RedisSettings(url, DEADLINE, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RedisSettings(url, DEADLINE, 1, 0));
    }

    static void isUnavailable(Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private static RedisSettings settings(int port) {
        return new RedisSettings(URI.create("redis://:secret@127.0.0.1:" + port), Duration.ofSeconds(1), 10, 10);
    }
}
