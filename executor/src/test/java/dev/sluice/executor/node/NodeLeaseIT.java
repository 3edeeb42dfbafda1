package dev.sluice.executor.node;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class NodeLeaseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofMillis(900);

    private final ExecutorDatabase database = new ExecutorDatabase();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void freesTheRunsOfANodeThatFallsSilent() {
        NodeLease silent = started();
        UUID run = owned(silent);
        NodeLease other = started();
        Incarnation former = owner(silent);

        silent.dispose();

        eventually(() -> database.value("select count(*) from workflow.run where id = '" + run + "' and node is null")
                .equals("1"));
        assertThat(former.mayAct()).as("it stopped before it was declared dead").isFalse();
        assertThat(silent.current()).isEmpty();
        other.dispose();
    }

    @Test
    void freesItsRunsWhenItResigns() {
        NodeLease lease = started();
        UUID run = owned(lease);

        lease.resign().block(PATIENCE);

        assertThat(database.value("select node is null from workflow.run where id = '" + run + "'"))
                .isEqualTo("true");
        assertThat(lease.current()).isEmpty();
    }

    @Test
    void becomesAnotherIncarnationAfterItWasDeclaredDead() {
        NodeLease lease = started();
        Incarnation first = owner(lease);
        Mono<Incarnation> lost = lease.lost().next().cache();
        StepVerifier.create(lost)
                .then(() -> database.sql("update workflow.node set dead = true where id = '" + first.id() + "'"))
                .expectNext(first)
                .expectComplete()
                .verify(PATIENCE);

        eventually(() -> lease.current().filter(now -> !now.equals(first)).isPresent());
        assertThat(database.value("select dead from workflow.node where id = '" + first.id() + "'"))
                .isEqualTo("true");
        lease.dispose();
    }

    /** Writers hold the node's row all the time on a busy node, never all at once free. One renewal brings a third of the lease. */
    @Test
    void renewsAlthoughWritersHoldTheRow() {
        Duration length = Duration.ofSeconds(3);
        NodeLease lease = started(length);
        Incarnation incarnation = owner(lease);
        Connection writer = database.connect();
        Mono.from(writer.beginTransaction()).block(PATIENCE);
        ExecutorDatabase.execute(
                        writer, "select id from workflow.node where id = '" + incarnation.id() + "' for key share")
                .block(PATIENCE);

        String row = " from workflow.node where id = '" + incarnation.id() + "'";
        String before = database.value("select lease_until" + row);

        eventually(() -> database.value("select lease_until > timestamptz '" + before + "' + interval '3 s'" + row)
                .equals("true"));
        eventually(() -> lease.current().filter(incarnation::equals).isPresent());
        Mono.from(writer.close()).block(PATIENCE);
        lease.dispose();
    }

    /** Nobody can renew while the database is away: who comes back first must not bury the others. */
    @Test
    void takesNothingOverBeforeItHasRenewedForAFullLease() {
        UUID victim = UUID.randomUUID();
        database.sql("insert into workflow.node (id, name, lease_until) values ('" + victim
                + "', 'victim', now() - interval '1 minute')");
        NodeLease fresh = started(Duration.ofSeconds(5));
        assertThat(owner(fresh).mayAct()).isTrue();
        assertThat(database.value("select dead from workflow.node where id = '" + victim + "'"))
                .as("at once")
                .isEqualTo("false");
        eventually(() -> database.value("select dead from workflow.node where id = '" + victim + "'")
                .equals("true"));
        fresh.dispose();
    }

    /** Nobody writes what another could not go on with, and that ends with the other. */
    @Test
    void writesWhatAllNodesUnderstandThatAreAlive() {
        NodeLease lease = started();
        assertThat(owner(lease).format()).isEqualTo(JournalFormat.CURRENT);
        NodeLease older = new NodeLease(
                new NodeStore(database.engine()),
                new NodeSettings("older", LEASE),
                JournalFormat.BRANCHES,
                Schedulers.parallel());
        older.start();

        eventually(() -> owner(lease).format() == JournalFormat.BRANCHES);
        assertThat(owner(older).known()).isEqualTo(JournalFormat.BRANCHES);
        assertThat(owner(older).format()).isEqualTo(JournalFormat.BRANCHES);
        older.resign().block(PATIENCE);

        eventually(() -> owner(lease).format() == JournalFormat.CURRENT);
        lease.dispose();
    }

    private UUID owned(NodeLease lease) {
        UUID run = database.run(new OrganizationId(UUID.randomUUID()));
        database.sql("update workflow.run set node = '" + owner(lease).id() + "', epoch = 1, status = 'running'");
        return run;
    }

    private NodeLease started() {
        return started(LEASE);
    }

    private NodeLease started(Duration length) {
        NodeLease lease = NodeLease.of(database.engine(), new NodeSettings("test", length), Schedulers.parallel());
        lease.start();
        return lease;
    }

    private static Incarnation owner(NodeLease lease) {
        eventually(() -> lease.current().isPresent());
        return lease.current().orElseThrow();
    }
}
