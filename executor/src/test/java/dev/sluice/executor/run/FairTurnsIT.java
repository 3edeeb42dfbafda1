package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.node.NodeSettings;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Two organizations and a node with few permits, whose polls come when the test says so. */
class FairTurnsIT {

    private static final int PERMITS = 10;
    private static final int OF_ONE = 6;
    private static final int TRIES = 3;
    private static final String SET = "{\"set\":{\"x\":1}}";
    private static final String NAP = "{\"wait\":{\"hours\":1}}";

    private final OrganizationId flood = new OrganizationId(UUID.randomUUID());
    private final OrganizationId single = new OrganizationId(UUID.randomUUID());
    private final PolledNode node = new PolledNode(PERMITS, OF_ONE, TRIES);
    private final ClaimStore claims = new ClaimStore(node.database.engine());

    @AfterEach
    void close() {
        node.close();
    }

    /** More are due before it than a look shows. */
    @Test
    void startsTheSingleRunOfOneBeforeTheFloodOfAnother() {
        assertThat(pending(flood, SET, 3 * Turns.WINDOW)).hasSize(3 * Turns.WINDOW);
        UUID run = pending(single, SET, 1).getFirst();

        node.runs.start();

        node.eventually(() -> ended(run));
        assertThat(Integer.parseInt(
                        node.database.value("select count(*) from workflow.run_history where organization_id = '"
                                + flood + "' and started_at < (select started_at from workflow.run_history where id = '"
                                + run
                                + "')")))
                .isLessThanOrEqualTo(2 * PERMITS);
    }

    @Test
    void runsNoMoreOfAnOrganizationThanItMayHave() {
        assertThat(pending(flood, NAP, 50)).hasSize(50);

        node.runs.start();
        node.eventually(() -> node.runs.pool().active() == OF_ONE);
        UUID other = pending(single, NAP, 1).getFirst();
        node.eventually(() -> node.runs.pool().holds(other));

        assertThat(node.runs.pool().active()).isEqualTo(OF_ONE + 1);
        assertThat(owned(flood)).isEqualTo(OF_ONE);
    }

    @Test
    void givesARunThatEndedItsPermitBackForTheNextOne() {
        List<UUID> many = pending(flood, NAP, 10);
        node.runs.start();
        node.eventually(() -> node.runs.pool().active() == OF_ONE);

        many.forEach(run -> node.database.sql(
                "update workflow.run set cancel_requested_at = now(), wake_at = case when node is null then now() end"
                        + " where id = '" + run + "'"));

        node.eventually(() -> many.stream().allMatch(this::ended));
        node.eventually(() -> node.runs.pool().permits().used() == 0);
        assertThat(node.runs.pool().permits().assigned()).isEmpty();
    }

    @Test
    void takesTheMostUrgentFirstAndThenTheOldest() {
        List<UUID> ids = pending(flood, NAP, 20);
        node.database.sql("update workflow.run set priority = 0 where id = '" + ids.get(19) + "'");
        node.database.sql("update workflow.run set priority = 5 where id = '" + ids.get(0) + "'");

        node.runs.start();
        node.eventually(() -> node.runs.pool().active() == OF_ONE);

        assertThat(ids.stream().filter(node.runs.pool()::holds).toList())
                .containsExactlyInAnyOrder(ids.get(19), ids.get(1), ids.get(2), ids.get(3), ids.get(4), ids.get(5));
    }

    /** Two nodes, and all that is there: each run once. */
    @Test
    void sharesWhatIsDueBetweenNodesThatLookAtOnce() {
        int count = 400;
        assertThat(pending(flood, NAP, count)).hasSize(count);
        NodeLease other = NodeLease.of(
                node.database.engine(), new NodeSettings("other", Duration.ofMinutes(1)), Schedulers.parallel());
        other.start();
        node.eventually(() -> other.current().isPresent());
        List<UUID> nodes = List.of(
                node.lease.current().orElseThrow().id(),
                other.current().orElseThrow().id());

        List<ClaimedRun> taken = new ArrayList<>(Objects.requireNonNull(Flux.range(0, 100)
                .flatMap(
                        i -> claims.claim(
                                nodes.get(i % 2),
                                JournalFormat.CURRENT,
                                JournalFormat.CURRENT,
                                Map.of(flood, 7),
                                TRIES),
                        8)
                .flatMapIterable(ClaimStore.Taken::runs)
                .collectList()
                .block(PolledNode.PATIENCE)));

        assertThat(taken).extracting(ClaimedRun::id).doesNotHaveDuplicates();
        assertThat(taken).extracting(ClaimedRun::node).contains(nodes.getFirst(), nodes.getLast());
        taken.addAll(Objects.requireNonNull(claims.claim(
                                nodes.getFirst(),
                                JournalFormat.CURRENT,
                                JournalFormat.CURRENT,
                                Map.of(flood, count),
                                TRIES)
                        .block(PolledNode.PATIENCE))
                .runs());
        assertThat(taken).extracting(ClaimedRun::id).hasSize(count).doesNotHaveDuplicates();
        other.dispose();
    }

    /** As if each time the executor had died of it. */
    @Test
    void suspendsARunThatIsTakenAgainAndAgainWithoutGettingAnyFurther() {
        UUID poison = pending(flood, SET, 1).getFirst();
        for (int i = 0; i < TRIES; i++) {
            assertThat(taken().runs()).extracting(ClaimedRun::id).containsExactly(poison);
            node.database.sql("update workflow.run set node = null, wake_at = now() where id = '" + poison + "'");
        }

        ClaimStore.Taken last = taken();

        assertThat(last.runs()).isEmpty();
        assertThat(last.suspended()).containsExactly(poison);
        assertThat(node.database.value("select status || ' ' || suspend_reason || ' ' || (node is null) || ' ' || tries"
                        + " from workflow.run where id = '" + poison + "'"))
                .isEqualTo("suspended dead-letter true 0");
    }

    @Test
    void countsAnewWhenTheJournalHasGrown() {
        UUID run = pending(flood, SET, 1).getFirst();
        for (int i = 0; i < 3 * TRIES; i++) {
            assertThat(taken().runs()).extracting(ClaimedRun::id).containsExactly(run);
            node.database.sql(
                    "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at)"
                            + " values ('" + run + "', " + (i + 1) + ", '" + flood + "', 1, '" + i
                            + "', 'set', 0, now())");
            node.database.sql("update workflow.run set node = null, wake_at = now() where id = '" + run + "'");
        }
        assertThat(node.database.value("select tries from workflow.run where id = '" + run + "'"))
                .isEqualTo("1");
    }

    @Test
    void cancelsARunThatWouldBeSuspended() {
        UUID poison = pending(flood, SET, 1).getFirst();
        node.database.sql(
                "update workflow.run set tries = 100, cancel_requested_at = now() where id = '" + poison + "'");

        node.runs.start();

        node.eventually(() -> ended(poison));
        assertThat(node.database.value("select status from workflow.run_history where id = '" + poison + "'"))
                .isEqualTo("cancelled");
    }

    @Test
    void doesNotHoldAStopInOrderAgainstItsRuns() {
        UUID run = pending(flood, NAP, 1).getFirst();
        assertThat(taken().runs()).hasSize(1);

        node.lease.resign().block(PolledNode.PATIENCE);

        assertThat(node.database.value(
                        "select tries || ' ' || (wake_at <= now()) from workflow.run where id = '" + run + "'"))
                .isEqualTo("0 true");
    }

    private ClaimStore.Taken taken() {
        UUID id = node.lease.current().orElseThrow().id();
        return Objects.requireNonNull(
                claims.claim(id, JournalFormat.CURRENT, JournalFormat.CURRENT, Map.of(flood, 10), TRIES)
                        .block(PolledNode.PATIENCE));
    }

    /** Runs that found no room when they were created, one after the other. */
    private List<UUID> pending(OrganizationId organization, String task, int count) {
        UUID definition = Ids.next();
        node.database.sql(
                "insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                        + " values ('" + definition + "', '" + organization + "', 'n', 'n', '1.0.0-" + definition
                        + "', '{\"document\":{\"dsl\":\"1.0.3\",\"namespace\":\"n\",\"name\":\"n\",\"version\":\"1.0.0\"},"
                        + "\"do\":[{\"t\":" + task + "}]}', 'd')");
        UUID first = Ids.next();
        node.database.sql(
                "insert into workflow.run (id, organization_id, definition_id, status, input, created_at, wake_at)"
                        + " select case when i = 1 then '" + first + "' else uuidv7() end, '" + organization + "', '"
                        + definition
                        + "', 'pending', '{}', now(), now() - interval '1 minute' + i * interval '1 millisecond'"
                        + " from generate_series(1, " + count + ") i");
        return List.of(node.database
                        .value("select string_agg(id::text, ',' order by wake_at) from workflow.run"
                                + " where definition_id = '" + definition + "'")
                        .split(","))
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    private boolean ended(UUID run) {
        return node.database
                .value("select count(*) from workflow.run_history where id = '" + run + "'")
                .equals("1");
    }

    private int owned(OrganizationId organization) {
        return Integer.parseInt(node.database.value("select count(*) from workflow.run where organization_id = '"
                + organization + "' and node is not null"));
    }
}
