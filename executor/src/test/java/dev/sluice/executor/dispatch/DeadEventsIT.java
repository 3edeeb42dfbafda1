package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.WorkItem;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class DeadEventsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();
    private final Redis redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(5), 1_000, 1_000));
    private final WorkStreams streams = new WorkStreams(redis, 1_000);
    private final DeadEvents dead = new DeadEvents(streams, new DeadEventStore(database.engine()), TRIES);
    private final List<List<WorkItem>> handed = new ArrayList<>();

    @BeforeEach
    void empty() {
        TestRedis.flush();
    }

    @AfterEach
    void close() {
        redis.close();
        database.close();
    }

    @Test
    void forgetsWhatWasHandedOver() {
        List<WorkItem> items = items(3);

        again(items, this::acknowledged);

        assertThat(handed).containsExactly(items);
        assertThat(tries()).isEqualTo("0");
        assertThat(streams.backlog().block(PATIENCE)).isZero();
    }

    @Test
    void givesUpWhatIsRefusedAgainAndAgain() {
        List<WorkItem> items = items(2);
        WorkItem poison = items.getFirst();
        Function<List<WorkItem>, Flux<DeadEvents.Refused>> refusing = some -> acknowledged(
                        some.stream().filter(item -> !item.equals(poison)).toList())
                .concatWith(Flux.just(new DeadEvents.Refused(poison, new IllegalStateException("secret"))));

        again(items, refusing);
        again(List.of(poison), refusing);
        assertThat(receipts()).isEqualTo("0");
        again(List.of(poison), refusing);

        assertThat(reason()).isEqualTo("3 Its hand-over failed: IllegalStateException.");
        assertThat(receipts()).isEqualTo("1");
        assertThat(streams.backlog().block(PATIENCE)).isZero();
    }

    /** The executor ended each time: nothing came back. From the second time on each goes alone. */
    @Test
    void givesUpWhatEndsTheExecutorAndTakesNoOtherWithIt() {
        List<WorkItem> items = items(3);
        WorkItem poison = items.get(1);
        again(items, some -> Flux.error(new Killed()));
        for (int i = 0; i < TRIES - 1; i++) {
            again(items, some -> some.contains(poison) ? Flux.error(new Killed()) : acknowledged(some));
        }
        assertThat(receipts()).isEqualTo("0");

        again(items, this::acknowledged);

        assertThat(handed).contains(List.of(items.getFirst()), List.of(items.getLast()));
        assertThat(handed).allSatisfy(some -> assertThat(some).doesNotContain(poison));
        assertThat(database.value("select count(*) from workflow.dead_event where at is not null"))
                .isEqualTo("1");
        assertThat(reason()).startsWith("3 Each time it was handed over, its executor ended");
    }

    @Test
    void countsNothingWhileTheDatabaseIsAway() {
        List<WorkItem> items = items(1);
        for (int i = 0; i < 2 * TRIES; i++) {
            StepVerifier.create(dead.again(
                            items,
                            some -> Flux.error(SluiceException.unavailable("away", Duration.ofSeconds(1), null))))
                    .expectError(SluiceException.class)
                    .verify(PATIENCE);
        }
        assertThat(tries()).isEqualTo("0");

        again(items, this::acknowledged);

        assertThat(handed).containsExactly(items);
    }

    private Flux<DeadEvents.Refused> acknowledged(List<WorkItem> items) {
        return Mono.<DeadEvents.Refused>fromRunnable(() -> handed.add(items))
                .then(streams.acknowledge(items))
                .thenMany(Flux.empty());
    }

    private void again(List<WorkItem> items, Function<List<WorkItem>, Flux<DeadEvents.Refused>> handOver) {
        StepVerifier.create(dead.again(items, handOver).onErrorResume(Killed.class, killed -> Mono.empty()))
                .expectComplete()
                .verify(PATIENCE);
    }

    /** Ends everything where it is, as the end of the process would. */
    private static final class Killed extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private List<WorkItem> items(int count) {
        List<UUID> ids = Flux.range(0, count)
                .map(i -> database.event(organization, "test", "{}"))
                .collectList()
                .block(PATIENCE);
        assertThat(streams.publish(organization, Objects.requireNonNull(ids))
                        .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(50)))
                        .block(PATIENCE))
                .isEqualTo(count);
        return Objects.requireNonNull(streams.take("test", count).block(PATIENCE));
    }

    private String tries() {
        return database.value("select coalesce(sum(tries), 0) from workflow.dead_event");
    }

    private String reason() {
        return database.value("select tries || ' ' || reason from workflow.dead_event where at is not null");
    }

    private String receipts() {
        return database.value("select count(*) from workflow.inbox");
    }
}
