package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.node.NodeSettings;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.WorkItem;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestRedis;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class ReconcilerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int STREAM = 10;

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();
    private final Redis redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(5), 1_000, STREAM));
    private final WorkStreams streams = new WorkStreams(redis, STREAM);
    private final NodeLease lease = lease();
    private final Reconciler reconciler = reconciler();

    @BeforeEach
    void empty() {
        TestRedis.flush();
    }

    @AfterEach
    void close() {
        lease.dispose();
        redis.close();
        database.close();
    }

    @Test
    void publishesWhatHasNoReceiptAndNothingTwice() {
        UUID received = event(organization);
        UUID lost = event(organization);
        receipt(received);

        look();
        look();

        assertThat(taken()).containsExactly(lost);
    }

    @Test
    void publishesAgainWhatRedisLost() {
        UUID event = event(organization);
        look();
        assertThat(taken()).containsExactly(event);
        TestRedis.flush();

        look();

        assertThat(taken()).containsExactly(event);
    }

    @Test
    void doesNotLetOneFloodKeepItFromOthers() {
        database.sql(
                "insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                        + " select uuidv7(), '" + organization + "', uuidv7(), 's', 't', now(), 'text/plain', ''"
                        + " from generate_series(1, 2500)");
        OrganizationId other = new OrganizationId(UUID.randomUUID());
        UUID event = event(other);

        look();

        List<WorkItem> items = streams.take("test", 100).block(PATIENCE);
        assertThat(items).hasSize(STREAM + 1);
        assertThat(items)
                .filteredOn(item -> item.organization().equals(other))
                .extracting(WorkItem::eventId)
                .containsExactly(event);
    }

    /** What is on its way is not offered again, and what is behind it is not forgotten. */
    @Test
    void leavesAHealthyBacklogAloneAndKeepsTheStreamFed() {
        WorkStreams bounded = new WorkStreams(redis, 100);
        Reconciler walker = new Reconciler(bounded, store(), duty(), lease, Schedulers.parallel(), late());
        events(350);
        UUID oldest = UUID.fromString(database.value("select min(id::text) from ingress.event"));
        walker.look(owner(lease)).block(PATIENCE);
        assertThat(bounded.backlog().block(PATIENCE)).isEqualTo(100);
        List<WorkItem> first = Objects.requireNonNull(bounded.take("test", 40).block(PATIENCE));
        finish(bounded, first);

        walker.look(owner(lease)).block(PATIENCE);
        assertThat(bounded.backlog().block(PATIENCE)).as("more than half full").isEqualTo(60);
        assertThat(UUID.fromString(database.value("select position from workflow.duty")))
                .isLessThanOrEqualTo(oldest);

        int finished = 40;
        for (int turn = 0; turn < 30 && finished < 350; turn++) {
            List<WorkItem> taken =
                    Objects.requireNonNull(bounded.take("test", 30).block(PATIENCE));
            assertThat(taken).as("turn %s", turn).isNotEmpty();
            finish(bounded, taken);
            finished += taken.size();
            walker.look(owner(lease)).block(PATIENCE);
            assertThat(bounded.backlog().block(PATIENCE)).isLessThanOrEqualTo(100);
        }
        assertThat(finished).isEqualTo(350);
        assertThat(bounded.backlog().block(PATIENCE)).isZero();
    }

    @Test
    void doesNotSendAgainAndAgainWhatAStreamHas() {
        WorkStreams wide = new WorkStreams(redis, 10_000);
        Reconciler walker = new Reconciler(wide, store(), duty(), lease, Schedulers.parallel(), late());
        events(2 * Window.PAGE);
        walker.look(owner(lease)).block(PATIENCE);
        assertThat(wide.backlog().block(PATIENCE)).isEqualTo(2 * Window.PAGE);
        UUID behind = event(organization);
        UUID others = event(new OrganizationId(UUID.randomUUID()));

        walker.look(owner(lease)).block(PATIENCE);

        assertThat(wide.backlog().block(PATIENCE)).isEqualTo(2 * Window.PAGE + 1);
        assertThat(wide.take("test", 1).block(PATIENCE)).isNotEmpty();
        new Reconciler(wide, store(), duty(), lease, Schedulers.parallel(), late())
                .look(owner(lease))
                .block(PATIENCE);
        List<WorkItem> all = Objects.requireNonNull(wide.take("test", 3_000).block(PATIENCE));
        assertThat(all).extracting(WorkItem::eventId).contains(behind).doesNotHaveDuplicates();
        assertThat(all).hasSizeBetween(2 * Window.PAGE, 2 * Window.PAGE + 1);
        assertThat(others).isNotNull();
    }

    private void events(int count) {
        database.sql(
                "insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                        + " select uuidv7(), '" + organization + "', uuidv7(), 's', 't', now(), 'text/plain', ''"
                        + " from generate_series(1, " + count + ")");
    }

    private void finish(WorkStreams of, List<WorkItem> items) {
        items.forEach(item -> receipt(item.eventId()));
        of.acknowledge(items).block(PATIENCE);
    }

    /** Each page ends in the middle of the events of one organization that has room for all. */
    @Test
    void goesOverMoreThanOnePage() {
        WorkStreams wide = new WorkStreams(redis, 10_000);
        database.sql(
                "insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                        + " select uuidv7(), '" + organization + "', uuidv7(), 's', 't', now(), 'text/plain', ''"
                        + " from generate_series(1, " + (2 * Window.PAGE + 10) + ")");

        new Reconciler(wide, store(), duty(), lease, Schedulers.parallel(), late())
                .look(owner(lease))
                .block(PATIENCE);

        assertThat(wide.backlog().block(PATIENCE)).isEqualTo(2 * Window.PAGE + 10);
    }

    @Test
    void remembersHowFarEverythingIsReceived() {
        UUID old =
                new UUID(Clock.systemUTC().instant().minus(Duration.ofHours(1)).toEpochMilli() << 16 | 7 << 12, 5);
        database.sql(
                "insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                        + " values ('" + old + "', '" + organization + "', '" + old
                        + "', 's', 't', now(), 'text/plain', '')");
        look();
        assertThat(database.value("select position from workflow.duty")).isEqualTo(old.toString());
        receipt(old);

        reconciler().look(owner(lease)).block(PATIENCE);

        assertThat(UUID.fromString(database.value("select position from workflow.duty")))
                .isGreaterThan(old);
    }

    @Test
    void isDoneByOneNodeUntilThatIsDead() {
        look();
        NodeLease second = lease();
        UUID event = event(organization);
        Reconciler other = reconciler();

        other.look(owner(second)).block(PATIENCE);
        assertThat(taken()).isEmpty();
        lease.resign().block(PATIENCE);
        other.look(owner(second)).block(PATIENCE);

        assertThat(taken()).containsExactly(event);
        second.dispose();
    }

    private void look() {
        reconciler.look(owner(lease)).block(PATIENCE);
    }

    private List<UUID> taken() {
        List<WorkItem> items = Objects.requireNonNull(streams.take("test", 100).block(PATIENCE));
        return items.stream().map(WorkItem::eventId).toList();
    }

    private UUID event(OrganizationId of) {
        return database.event(of, "test", "{}");
    }

    private void receipt(UUID event) {
        database.sql("insert into workflow.inbox (event_id, organization_id, run_ids) values ('" + event + "', '"
                + organization + "', '{}')");
    }

    private Reconciler reconciler() {
        return new Reconciler(streams, store(), duty(), lease, Schedulers.parallel(), late());
    }

    private DispatchStore store() {
        return new DispatchStore(database.engine());
    }

    private Duty duty() {
        return new Duty(database.engine(), "reconcile");
    }

    private NodeLease lease() {
        NodeLease started = NodeLease.of(
                database.engine(), new NodeSettings("test", Duration.ofSeconds(10)), Schedulers.parallel());
        started.start();
        return started;
    }

    private static Incarnation owner(NodeLease lease) {
        return Objects.requireNonNull(Mono.defer(() -> Mono.justOrEmpty(lease.current()))
                .single()
                .retryWhen(Retry.fixedDelay(500, Duration.ofMillis(20)))
                .block(PATIENCE));
    }

    /** Late enough for what is inserted now not to count as on its way. */
    private static Clock late() {
        return Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));
    }
}
