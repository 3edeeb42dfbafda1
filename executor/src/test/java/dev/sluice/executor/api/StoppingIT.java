package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What clients see of an executor that stops. */
class StoppingIT {

    /** Below the ten seconds that the web server waits for what is open. */
    private static final Duration SOON = Duration.ofSeconds(9);

    @Test
    void endsEventStreamsAtOnceAndAnswersThoseWhoWait() {
        RunningExecutor executor =
                RunningExecutor.start(TestPostgres.freshDatabase()).overHttp11();
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "patient", "do: [ { nap: { wait: { minutes: 1 } } } ]");
        String run = executor.ask(caller, "POST", workflow + "/runs", "{}").location();
        Mono<Answer> waiting = Mono.fromCallable(
                        () -> executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=50"))
                .subscribeOn(Schedulers.boundedElastic())
                .cache();
        var asked = waiting.subscribe();

        long[] stopped = new long[1];
        executor.lines(caller, run + "/events")
                .filter(line -> line.startsWith("id:"))
                .as(StepVerifier::create)
                .expectNext("id:0")
                .then(() -> executor.awaitRuns(caller, 2))
                .then(() -> stopped[0] = stop(executor))
                .thenConsumeWhile(line -> true)
                .expectComplete()
                .verify(RunningExecutor.PATIENCE);

        Answer answer = Objects.requireNonNull(waiting.block(SOON));
        asked.dispose();
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.location()).startsWith("/v1/runs/");
        assertThat(Duration.ofNanos(stopped[0])).isLessThan(SOON);
    }

    private static long stop(RunningExecutor executor) {
        long start = System.nanoTime();
        executor.close();
        return System.nanoTime() - start;
    }
}
