package dev.sluice.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

final class WorkStreamsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final OrganizationId A = new OrganizationId(Ids.next());
    private static final OrganizationId B = new OrganizationId(Ids.next());

    private Redis redis;
    private WorkStreams streams;

    @BeforeEach
    void connect() {
        TestRedis.flush();
        redis = connection(TestRedis.url());
        streams = new WorkStreams(redis, 200_000);
        untilThere(streams);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void handsOverInOrderAndForgetsWhatIsAcknowledged() {
        List<UUID> ids = ids(5);
        assertThat(await(streams.publish(A, ids))).isEqualTo(5);
        List<WorkItem> taken = await(streams.take("one", 10));
        assertThat(taken).extracting(WorkItem::eventId).isEqualTo(ids);
        assertThat(taken).extracting(WorkItem::organization).containsOnly(A);
        assertThat(await(streams.backlog())).isEqualTo(5);
        await(streams.acknowledge(taken));
        await(streams.acknowledge(taken));
        assertThat(await(streams.backlog())).isZero();
        assertThat(await(streams.take("one", 10))).isEmpty();
    }

    @Test
    void takesNoMoreThanItsPermits() {
        assertThat(await(streams.publish(A, ids(50)))).isEqualTo(50);
        assertThat(await(streams.take("one", 7))).hasSize(7);
        assertThat(await(streams.take("one", 0))).isEmpty();
        assertThat(await(streams.take("one", 100))).hasSize(43);
    }

    @Test
    void doesNotLetAFloodDelayTheSingleItemOfAnother() {
        for (int i = 0; i < 100; i++) {
            assertThat(await(streams.publish(A, ids(1000)))).isEqualTo(1000);
        }
        assertThat(await(streams.take("one", 10))).hasSize(10);
        UUID single = Ids.next();
        assertThat(await(streams.publish(B, List.of(single)))).isOne();
        List<WorkItem> next = await(streams.take("one", 10));
        assertThat(next).hasSize(10).extracting(WorkItem::eventId).contains(single);
    }

    @Test
    void takesTurnsEvenWithOnePermit() {
        assertThat(await(streams.publish(A, ids(10)))).isEqualTo(10);
        assertThat(await(streams.publish(B, ids(10)))).isEqualTo(10);
        List<OrganizationId> turns = Flux.range(0, 6)
                .concatMap(i -> streams.take("one", 1))
                .map(items -> items.getFirst().organization())
                .collectList()
                .block(DEADLINE);
        assertThat(turns).containsExactly(A, B, A, B, A, B);
    }

    @Test
    void takesInProportionToWeights() {
        assertThat(await(streams.publish(A, ids(1000)))).isEqualTo(1000);
        assertThat(await(streams.publish(B, ids(1000)))).isEqualTo(1000);
        List<Allowance> allowances = List.of(new Allowance(A, 3, 1000));

        List<WorkItem> taken = Flux.range(0, 40)
                .concatMap(i -> streams.take("one", 10, 1000, allowances))
                .flatMapIterable(items -> items)
                .collectList()
                .block(DEADLINE);

        assertThat(taken).hasSize(400);
        assertThat(taken).filteredOn(item -> item.organization().equals(A)).hasSizeBetween(280, 320);
    }

    @Test
    void leavesWhereItIsWhatAnOrganizationHasNoRoomFor() {
        List<UUID> ids = ids(10);
        assertThat(await(streams.publish(A, ids))).isEqualTo(10);
        assertThat(await(streams.publish(B, ids(2)))).isEqualTo(2);

        List<WorkItem> taken = await(streams.take("one", 10, 10, List.of(new Allowance(A, 1, 0))));
        assertThat(taken).hasSize(2).extracting(WorkItem::organization).containsOnly(B);
        assertThat(await(streams.take("one", 10, 10, List.of(new Allowance(A, 1, 3)))))
                .extracting(WorkItem::eventId)
                .isEqualTo(ids.subList(0, 3));
        assertThat(await(streams.take("one", 10, 4, List.of()))).hasSize(4);
        assertThat(await(streams.take("one", 10))).hasSize(3);
    }

    /** Who could not be served for a while gets no more afterwards than anybody else. */
    @Test
    void doesNotLetAnOrganizationSaveUpItsTurns() {
        assertThat(await(streams.publish(A, ids(500)))).isEqualTo(500);
        assertThat(await(streams.publish(B, ids(500)))).isEqualTo(500);
        assertThat(await(streams.take("one", 300, 300, List.of(new Allowance(A, 1, 0)))))
                .hasSize(300);

        List<WorkItem> taken = Flux.range(0, 10)
                .concatMap(i -> streams.take("one", 10))
                .flatMapIterable(items -> items)
                .collectList()
                .block(DEADLINE);

        assertThat(taken)
                .hasSize(100)
                .filteredOn(item -> item.organization().equals(B))
                .hasSizeBetween(30, 60);
    }

    @Test
    void takesWhatFitsAboveTheMaximum() {
        WorkStreams small = new WorkStreams(redis, 3);
        List<UUID> ids = ids(5);
        assertThat(await(small.publish(A, ids))).isEqualTo(3);
        assertThat(await(small.publish(A, ids))).as("as many as before").isEqualTo(3);
        assertThat(await(small.publish(A, ids(1)))).isZero();
        List<WorkItem> taken = await(small.take("one", 10));
        assertThat(taken).extracting(WorkItem::eventId).isEqualTo(ids.subList(0, 3));
        await(small.acknowledge(taken.subList(0, 1)));
        assertThat(await(small.publish(A, ids.subList(3, 5)))).isOne();
    }

    @Test
    void holdsAnIdOnceUntilItIsAcknowledged() {
        UUID id = Ids.next();
        assertThat(await(streams.publish(A, List.of(id, id)))).isEqualTo(2);
        List<WorkItem> taken = await(streams.take("one", 10));
        assertThat(taken).extracting(WorkItem::eventId).containsExactly(id);
        assertThat(await(streams.publish(A, List.of(id)))).isOne();
        assertThat(await(streams.take("one", 10))).isEmpty();
        await(streams.acknowledge(taken));
        assertThat(await(streams.backlog())).isZero();
        assertThat(await(streams.publish(A, List.of(id)))).isOne();
        assertThat(await(streams.take("one", 10))).extracting(WorkItem::eventId).containsExactly(id);
    }

    @Test
    void sharesBetweenConsumersWithoutDoubleDelivery() {
        assertThat(await(streams.publish(A, ids(1000)))).isEqualTo(1000);
        List<WorkItem> all = Flux.range(0, 200)
                .flatMap(i -> streams.take("consumer" + i % 2, 10), 8)
                .flatMapIterable(items -> items)
                .collectList()
                .block(DEADLINE);
        assertThat(all).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    void reclaimsWhatADeadConsumerTook() {
        assertThat(await(streams.publish(A, ids(5)))).isEqualTo(5);
        List<WorkItem> lost = await(streams.take("dead", 3));
        assertThat(await(streams.reclaim("alive", Duration.ofMinutes(1), 10))).isEmpty();
        assertThat(await(streams.reclaim("alive", Duration.ZERO, 2))).hasSize(2);
        assertThat(await(streams.reclaim("alive", Duration.ZERO, 10))).containsExactlyElementsOf(lost);
        assertThat(await(streams.take("alive", 10))).hasSize(2);
    }

    @Test
    void worksAgainAfterAllDataWasLost() {
        assertThat(await(streams.publish(A, ids(5)))).isEqualTo(5);
        String generation = await(streams.renewGeneration());
        assertThat(await(streams.generation())).contains(generation);
        List<WorkItem> taken = await(streams.take("one", 2));
        TestRedis.flush();
        assertThat(await(streams.generation())).isEqualTo(Optional.empty());
        await(streams.acknowledge(taken));
        assertThat(await(streams.take("one", 2))).isEmpty();
        assertThat(await(streams.reclaim("one", Duration.ZERO, 2))).isEmpty();
        List<UUID> again = ids(5);
        assertThat(await(streams.publish(A, again))).isEqualTo(5);
        assertThat(await(streams.take("one", 9))).extracting(WorkItem::eventId).isEqualTo(again);
    }

    @Test
    void bearsManyPublishesAtOnce() {
        List<Integer> counts = Flux.range(0, 2000)
                .flatMap(i -> streams.publish(i % 2 == 0 ? A : B, ids(1)), 2000)
                .collectList()
                .block(DEADLINE);
        assertThat(counts).hasSize(2000).containsOnly(1);
        assertThat(await(streams.backlog())).isEqualTo(2000);
    }

    @Test
    void wakesUpOnPublishing() {
        // Again and again: the connection that listens may be ready later than the one that publishes.
        Mono<Signal> publishing = Flux.interval(Duration.ZERO, Duration.ofMillis(200))
                .onBackpressureDrop()
                .concatMap(tick -> streams.publish(A, ids(1)))
                .ignoreElements()
                .cast(Signal.class);
        StepVerifier.create(streams.wakeups()
                        .filter(signal -> signal == Signal.PUBLISHED)
                        .mergeWith(publishing))
                .expectNext(Signal.PUBLISHED)
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void failsFastWhileRedisIsAwayAndReturnsByItself() {
        assertThat(await(streams.publish(A, ids(3)))).isEqualTo(3);
        assertThat(await(streams.take("dead", 1))).hasSize(1);
        untilWritten();
        TestRedis.server().crash();
        try {
            long started = System.nanoTime();
            StepVerifier.create(streams.publish(A, ids(1)))
                    .expectErrorSatisfies(RedisTest::isUnavailable)
                    .verify(DEADLINE);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        } finally {
            TestRedis.server().restart();
        }
        untilThere(streams);
        assertThat(await(streams.take("alive", 10))).hasSize(2);
        assertThat(await(streams.reclaim("alive", Duration.ZERO, 10))).hasSize(3);
    }

    @Test
    void wakesUpAgainAfterAnOutage() {
        StepVerifier.create(streams.wakeups().filter(signal -> signal == Signal.CONNECTED))
                .then(() -> {
                    TestRedis.server().crash();
                    TestRedis.server().restart();
                })
                .expectNext(Signal.CONNECTED)
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void startsWhileRedisIsAway() {
        TestRedis.server().crash();
        try (Redis early = connection(TestRedis.url())) {
            WorkStreams waiting = new WorkStreams(early, 10);
            StepVerifier.create(waiting.backlog())
                    .expectErrorSatisfies(RedisTest::isUnavailable)
                    .verify(DEADLINE);
            TestRedis.server().restart();
            untilThere(waiting);
            assertThat(await(waiting.publish(A, ids(1)))).isOne();
        }
    }

    /** Random publishing, taking, acknowledging, dying and reclaiming: in the end each id was seen, and none is left. */
    @Test
    void accountsForEveryIdInARandomDrill() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("WorkStreamsIT drill seed " + seed);
        Random random = new Random(seed);
        List<OrganizationId> organizations =
                Stream.generate(() -> new OrganizationId(Ids.next())).limit(7).toList();
        Set<UUID> open = new HashSet<>();
        List<WorkItem> held = new ArrayList<>();
        for (int step = 0; step < 1500; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    List<UUID> ids = ids(1 + random.nextInt(20));
                    OrganizationId organization = organizations.get(random.nextInt(organizations.size()));
                    assertThat(await(streams.publish(organization, ids))).isEqualTo(ids.size());
                    open.addAll(ids);
                }
                case 2 -> held.addAll(await(streams.take("c" + random.nextInt(3), 1 + random.nextInt(30))));
                case 3 -> held.removeIf(item -> random.nextInt(4) == 0); // a consumer died with these
                default -> acknowledgeSome(random, held, open);
            }
        }
        drain(open);
        assertThat(open).isEmpty();
        assertThat(await(streams.backlog())).isZero();
    }

    private void acknowledgeSome(Random random, List<WorkItem> held, Set<UUID> open) {
        List<WorkItem> some = held.stream().filter(item -> random.nextBoolean()).toList();
        await(streams.acknowledge(some));
        held.removeAll(some);
        some.forEach(item -> assertThat(open.remove(item.eventId())).isTrue());
    }

    private void drain(Set<UUID> open) {
        List<WorkItem> items = new ArrayList<>();
        do {
            items.clear();
            items.addAll(await(streams.take("last", 1000)));
            items.addAll(await(streams.reclaim("last", Duration.ZERO, 1000)));
            await(streams.acknowledge(items));
            items.forEach(item -> open.remove(item.eventId()));
        } while (!items.isEmpty());
    }

    /** Until Redis has handed over to the system what it appended: it may put that off while the disk is busy. */
    private void untilWritten() {
        String state = redis.ask(commands -> commands.info("persistence"))
                .filter(info -> info.lines().anyMatch("aof_buffer_length:0"::equals))
                .repeatWhenEmpty(times -> times.delayElements(Duration.ofMillis(100)))
                .block(DEADLINE);
        assertThat(state).isNotNull();
    }

    private static void untilThere(WorkStreams streams) {
        Long backlog = streams.backlog()
                .retryWhen(Retry.fixedDelay(200, Duration.ofMillis(100)))
                .block(DEADLINE);
        assertThat(backlog).isNotNull();
    }

    private static Redis connection(URI url) {
        return new Redis(new RedisSettings(url, Duration.ofSeconds(2), 10_000, 1000));
    }

    private static List<UUID> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> Ids.next()).toList();
    }

    @SuppressWarnings("NullAway") // empty only for Mono<Void>
    private static <T> T await(Mono<T> mono) {
        return mono.block(DEADLINE);
    }
}
