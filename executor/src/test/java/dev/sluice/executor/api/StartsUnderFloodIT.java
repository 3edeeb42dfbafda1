package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Single starts of one organization while events of another one flood. */
final class StartsUnderFloodIT {

    private static final int PERMITS = 16;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(10_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-runs=" + PERMITS);
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    /** Those who take runs by the batch, again and again, must not hold all that is free. */
    @Test
    void findsAPermitForASingleRunWhileEventsOfAnotherFlood() {
        Principal flooding = RunningExecutor.principal();
        Principal single = RunningExecutor.principal();
        assertThat(executor.deploy(flooding, "flood", """
                        schedule: { on: { one: { with: { type: flood } } } }
                        do: [ { nap: { wait: { milliseconds: 20 } } } ]
                        """)).endsWith("flood");
        String workflow = executor.deploy(single, "single", "do: [ { note: { set: { done: true } } } ]");
        Disposable flood = Flux.range(0, 10_000)
                .concatMap(number -> Mono.fromCallable(() -> database.event(flooding.organization(), "flood", "{}"))
                        .subscribeOn(Schedulers.boundedElastic())
                        .flatMap(event -> streams.offer(flooding, List.of(event))))
                .subscribe();
        executor.awaitRuns(flooding, PERMITS);

        List<String> status = IntStream.range(0, 150)
                .mapToObj(number -> startAndAwait(single, workflow))
                .toList();
        assertThat(flood.isDisposed()).as("the flood has ended").isFalse();
        flood.dispose();

        assertThat(status).containsOnly("running");
    }

    /** What the start was told; its run has ended then, so that no other one of the organization has a permit. */
    private static String startAndAwait(Principal principal, String workflow) {
        Answer started = executor.ask(principal, "POST", workflow + "/runs", "{}");
        executor.await(principal, started.location(), "completed");
        return started.json().path("status").asString();
    }
}
