package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Single starts of one organization while events of another one flood. */
final class StartsUnderFloodIT {

    private static final int PERMITS = 16;

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1, "sluice.executor.max-runs=" + PERMITS);

    private final Tenant flooding = CLUSTER.tenant();
    private final Tenant single = CLUSTER.tenant();

    /** Those who take runs by the batch, again and again, must not hold all that is free. */
    @Test
    void findsAPermitForASingleRunWhileEventsOfAnotherFlood() {
        flooding.deploy("flood", """
                schedule: { on: { one: { with: { type: flood } } } }
                do: [ { nap: { wait: { milliseconds: 20 } } } ]
                """);
        String workflow = single.deploy("single", "do: [ { note: { set: { done: true } } } ]");
        Disposable flood = Flux.range(0, 10_000)
                .concatMap(number -> Mono.fromCallable(() -> flooding.store("flood", "{}"))
                        .subscribeOn(Schedulers.boundedElastic())
                        .flatMap(event -> CLUSTER.streams.offer(flooding.principal, List.of(event))))
                .subscribe();
        flooding.awaitRuns(PERMITS);

        List<String> status = IntStream.range(0, 150)
                .mapToObj(number -> startAndAwait(workflow))
                .toList();
        assertThat(flood.isDisposed()).as("the flood has ended").isFalse();
        flood.dispose();

        assertThat(status).containsOnly("running");
    }

    /** What the start was told; its run has ended then, so that no other one of the organization has a permit. */
    private String startAndAwait(String workflow) {
        Answer started = single.ask("POST", workflow + "/runs", "{}");
        single.await(started.location(), "completed");
        return started.json().path("status").asString();
    }
}
