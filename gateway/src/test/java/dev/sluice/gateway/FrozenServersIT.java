package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that neither answer nor go away, which is worse than being away. */
@Timeout(120)
final class FrozenServersIT {

    private static final String KEY = RunningGateway.PLATFORM_KEY;

    /** What anybody waits for at most; far more than it should be, and far less than for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What nobody waits for who need not ask the frozen one; a machine that has much to do may stop for a while. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void limitsHoldWhileRedisIsFrozenAndNobodyWaitsForIt() throws Exception {
        TestRedis.flush();
        try (RunningGateway gateway =
                RunningGateway.start("sluice.admission.key.rate=1", "sluice.admission.key.burst=20")) {
            String owner = gateway.newOrganization("frozen redis");
            assertThat(gateway.getAs(owner, "/v1/events").status()).isEqualTo(200);
            long began = System.nanoTime();
            List<Integer> statuses = new ArrayList<>();
            whileFrozen(TestRedis.server().pid(), () -> {
                for (int i = 0; i < 60; i++) {
                    Answer answer = within(SOON, () -> gateway.getAs(owner, "/v1/events"));
                    statuses.add(answer.status());
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("all together")
                        .isLessThan(PATIENCE);
            });
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            assertThat(statuses).containsOnly(200, 429);
            assertThat(statuses.stream().filter(status -> status == 200).count())
                    .isBetween(15L, 20 + seconds);
        }
    }

    @Test
    void knownCallersGoOnWhilePostgresqlIsFrozenAndTheOthersAreTold() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                "sluice.postgres.acquire-timeout=1s",
                "sluice.postgres.statement-timeout=2s",
                "sluice.ingress.commit.write-timeout=2s",
                "sluice.ingress.commit.read-back-timeout=2s")) {
            Hook hook = gateway.newEndpoint("hook", "generic-hmac");
            assertThat(gateway.deliver(hook).status()).isEqualTo(202);
            whileFrozen(TestPostgres.server().pid(), () -> {
                assertThat(within(SOON, () -> gateway.getAs(KEY, "/v1/nothing")).status())
                        .as("a known key")
                        .isEqualTo(404);
                for (Supplier<Answer> request : List.<Supplier<Answer>>of(
                        () -> gateway.deliver(hook),
                        () -> gateway.getAs("sk_unknown-while-frozen", "/v1/events"),
                        () -> gateway.getAs(KEY, "/v1/events"),
                        () -> gateway.postAs(KEY, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}"))) {
                    Answer refused = within(PATIENCE, request);
                    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
                    assertThat(refused.header("retry-after")).isNotEmpty();
                }
            });
            assertThat(RunningGateway.eventually(() -> gateway.deliver(hook), 202)
                            .status())
                    .isEqualTo(202);
            assertThat(RunningGateway.eventually(() -> gateway.getAs(KEY, "/v1/events"), 200)
                            .status())
                    .isEqualTo(200);
        }
    }

    private static Answer within(Duration most, Supplier<Answer> request) {
        long began = System.nanoTime();
        Answer answer = request.get();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(most);
        return answer;
    }

    /** Does something while a process and its children do nothing; the process first, so that it has no more of them than are seen. */
    private static void whileFrozen(long pid, Runnable work) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        signal("STOP", List.of(pid));
        List<Long> children = process.descendants().map(ProcessHandle::pid).toList();
        try {
            signal("STOP", children);
            work.run();
        } finally {
            signal("CONT", Stream.concat(Stream.of(pid), children.stream()).toList());
        }
    }

    private static void signal(String name, List<Long> processes) throws Exception {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(pid -> command.add(Long.toString(pid)));
        // A backend may have gone since.
        assertThat(new ProcessBuilder(command).start().waitFor()).isBetween(0, 1);
    }
}
