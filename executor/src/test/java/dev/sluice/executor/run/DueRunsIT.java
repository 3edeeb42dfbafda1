package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node on a real database, whose polls come when the test says so. */
class DueRunsIT {

    private static final String NAP = """
            {"document":{"dsl":"1.0.3","namespace":"n","name":"n","version":"1.0.0"},"do":[{"nap":{"wait":{"hours":1}}}]}""";

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final PolledNode node = new PolledNode(10, 10, 3);

    @BeforeEach
    void start() {
        node.runs.start();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void takesARunThatIsDueAndNoOther() {
        UUID due = run("wake_at = now()");
        UUID later = run("wake_at = now() + interval '1 hour'");

        node.eventually(() -> node.runs.pool().holds(due));

        assertThat(node.runs.pool().holds(later)).isFalse();
        assertThat(epoch(later)).isEqualTo("0");
    }

    /** A commit may come through although the node was told that nobody knows. */
    @Test
    void givesBackWhatItOwnsAndDoesNotHave() {
        UUID held = run("wake_at = now()");
        node.eventually(() -> node.runs.pool().holds(held));
        UUID stray = run("node = '" + node.lease.current().orElseThrow().id() + "', epoch = 7, status = 'running'");
        node.database.sql("update workflow.run set started_at = now() - interval '1 hour'");

        node.eventually(() -> node.runs.pool().holds(stray));

        assertThat(epoch(stray)).isEqualTo("8");
        assertThat(epoch(held)).as("of the run that is here").isEqualTo("1");
    }

    @Test
    void leavesAloneWhatItHasOwnedForAMomentOnly() {
        UUID young = run("node = '" + node.lease.current().orElseThrow().id()
                + "', epoch = 7, status = 'running', started_at = now()");
        UUID due = run("wake_at = now()");
        node.eventually(() -> node.runs.pool().holds(due));

        node.time.advanceTimeBy(Duration.ofMinutes(10));

        UUID last = run("wake_at = now()");
        node.eventually(() -> node.runs.pool().holds(last));
        assertThat(epoch(young)).isEqualTo("7");
    }

    @Test
    void saysWhyARunWhoseJournalIsOfAnotherDocumentRests() {
        UUID run = run("wake_at = now() + interval '1 hour'");
        node.database.sql(
                "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at,"
                        + " payload) values ('" + run + "', 1, '" + organization
                        + "', 3, '0', 'wait', 7, now(), '{}')");

        node.database.sql("update workflow.run set wake_at = now(), epoch = 1");

        node.eventually(
                () -> node.database.value("select status from workflow.run").equals("suspended"));
        assertThat(node.database.value("select suspend_reason from workflow.run"))
                .isEqualTo("journal-mismatch");
        assertThat(node.database.value("select suspend_detail from workflow.run"))
                .contains("at '0'");
        assertThat(node.database.value("select kind || path from workflow.journal where seq = 2"))
                .isEqualTo("8!2");
    }

    /** Nothing of a run that waits is begun for its suspension, and whoever changes his mind finds it where it was. */
    @Test
    void suspendsARunNobodyOwnsAndTakesItUpAgainWhenTheWishIsWithdrawn() {
        UUID run = run("wake_at = now(), suspend_requested_at = now()");
        node.eventually(
                () -> node.database.value("select status from workflow.run").equals("suspended"));
        assertThat(node.database.value("select string_agg(kind::text, ',' order by seq) from workflow.journal"))
                .isEqualTo("8");

        node.database.sql("update workflow.run set status = 'pending', wake_at = now()");

        node.eventually(() -> node.runs.pool().holds(run)
                && node.database
                        .value("select string_agg(kind::text, ',' order by seq) from workflow.journal")
                        .equals("8,9,3"));
    }

    private UUID run(String columns) {
        UUID run = node.database.run(organization);
        node.database.sql("update workflow.definition set document = '" + NAP + "'");
        node.database.sql("update workflow.run set " + columns + " where id = '" + run + "'");
        return run;
    }

    private String epoch(UUID run) {
        return node.database.value("select epoch from workflow.run where id = '" + run + "'");
    }
}
