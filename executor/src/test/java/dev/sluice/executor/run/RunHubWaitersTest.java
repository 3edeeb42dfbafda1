package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

final class RunHubWaitersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final UUID RUN = UUID.fromString("01a1fc7e-cae8-7bd1-ae8b-4e0bd59749d9");
    private static final Instant NOW = Instant.parse("2026-11-21T05:05:30Z");
    private static final RunEnd END =
            new RunEnd(RunStatus.COMPLETED, Json.object().put("count", 9), null, null, 10, NOW);

    private final RunHub hub = new RunHub();
    private final RunEvents events = new RunEvents(RUN, workflow());

    @Test
    void makesNoEventForWhoeverOnlyWaitsForTheEnd() {
        AtomicInteger made = new AtomicInteger();
        try (RunHub.Waiter waiter = hub.await(RUN)) {
            hub.publish(RUN, () -> {
                made.incrementAndGet();
                return events.started(NOW);
            });
            hub.end(RUN, END, events);

            waiter.end()
                    .as(StepVerifier::create)
                    .expectNext(END)
                    .expectComplete()
                    .verify(DEADLINE);
        }
        assertThat(made).hasValue(0);
    }

    @Test
    void tellsWatchersAndWaitersOfOneEnd() {
        try (RunHub.Watcher watcher = hub.watch(RUN);
                RunHub.Waiter waiter = hub.await(RUN)) {
            hub.publish(RUN, () -> events.started(NOW));
            hub.end(RUN, END, events);

            watcher.events()
                    .take(2)
                    .as(StepVerifier::create)
                    .assertNext(event -> assertThat(event.end()).isNull())
                    .assertNext(event -> assertThat(event.end()).isEqualTo(END))
                    .expectComplete()
                    .verify(DEADLINE);
            waiter.end()
                    .as(StepVerifier::create)
                    .expectNext(END)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void keepsTheFirstEndWhenItIsToldTwice() {
        RunEnd again = new RunEnd(RunStatus.CANCELLED, null, null, null, 11, NOW);
        try (RunHub.Waiter waiter = hub.await(RUN)) {
            hub.end(RUN, END, events);
            hub.end(RUN, again, events);

            waiter.end()
                    .as(StepVerifier::create)
                    .expectNext(END)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void forgetsARunWhenTheLastOneLeaves() {
        RunHub.Watcher watcher = hub.watch(RUN);
        RunHub.Waiter first = hub.await(RUN);
        RunHub.Waiter second = hub.await(RUN);
        first.close();
        watcher.close();
        assertThat(hub.watched()).containsExactly(RUN);

        second.close();

        assertThat(hub.watched()).isEmpty();
    }

    private static Workflow workflow() {
        return WorkflowDocuments.read("""
                document: { dsl: '1.0.3', namespace: test, name: hub, version: '1.0.0' }
                do:
                  - only: { set: { count: 9 } }
                """.getBytes(StandardCharsets.UTF_8), WorkflowDocuments.Format.YAML);
    }
}
