package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What organizations say of how long their runs are kept, and what is held; the gateway's table is there as it leaves it. */
class RetentionByOrganizationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration KEEP = Duration.ofDays(30);

    private final ExecutorDatabase database = new ExecutorDatabase();
    private OrganizationId brief;
    private OrganizationId other;

    @BeforeEach
    void organizations() {
        brief = organization("brief");
        other = organization("other");
        database.sql("update workflow.duty set position = workflow.uuid_floor(now())");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void forgetsRunsWithAllThatBelongsToThem() {
        UUID old = ended(brief, 5);
        UUID young = ended(brief, 1);
        UUID others = ended(other, 5);
        says(brief, "runs_days", "2");

        assertThat(sweep()).isEqualTo(1 + 2 + 1);

        for (String table : new String[] {"journal", "large_input", "consumed", "heard", "listener"}) {
            assertThat(runs("run_id", table)).as(table).isEqualTo(sorted(young, others));
        }
        assertThat(runs("id", "run_history")).isEqualTo(sorted(young, others));
        assertThat(database.value("select count(*) from workflow.run_history where id = '" + old + "'"))
                .isEqualTo("0");
        assertThat(database.value("select count(*) from workflow.forgotten")).isEqualTo("0");
        assertThat(sweep()).isZero();
    }

    @Test
    void aShorterPeriodHoldsFromTheNextRoundOnAndALongerOneBringsNothingBack() {
        ended(brief, 5);
        says(brief, "runs_days", "20");
        assertThat(sweep()).isZero();
        says(brief, "runs_days", "3");
        assertThat(sweep()).isPositive();
        says(brief, "runs_days", "3000");
        ended(brief, 40);
        assertThat(sweep()).as("of what the installation keeps for 30 days").isPositive();
        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("0");
    }

    @Test
    void keepsHowARunEndedThatAnotherAwaits() {
        UUID child = ended(brief, 5);
        UUID parent = database.run(brief);
        database.sql("update workflow.run_history set awaited = true, parent_id = '" + parent + "'");
        says(brief, "runs_days", "2");
        assertThat(sweep()).isZero();
        database.sql("delete from workflow.run");
        assertThat(sweep()).isPositive();
        assertThat(runs("id", "run_history")).doesNotContain(child.toString());
    }

    @Test
    void forgetsALongJournalPieceByPiece() {
        UUID run = ended(brief, 5);
        database.sql("insert into workflow.journal select '" + run + "', i, '" + brief
                + "', 1, '0', 'set', 0, now(), '{}' from generate_series(10, 12009) i");
        says(brief, "runs_days", "2");
        assertThat(Long.parseLong(database.value("select workflow.forget_runs(interval '30 days', 1000)")))
                .isEqualTo(1000);
        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("0");
        assertThat(Long.parseLong(database.value("select count(*) from workflow.journal")))
                .isBetween(11_000L, 11_003L);
        assertThat(sweep()).isGreaterThan(11_000);
        assertThat(database.value("select count(*) from workflow.journal")).isEqualTo("0");
    }

    @Test
    void whatIsHeldStaysAndHoldsUpNobodyElses() {
        database.sql("create table workflow.run_history_2026_01_05 partition of workflow.run_history for values from"
                + " ('2026-01-05 00:00Z') to ('2026-01-05 24:00Z')");
        UUID held = ended(brief, "'2026-01-05 12:00Z'");
        UUID others = ended(other, "'2026-01-05 12:00Z'");
        says(brief, "runs_days", "2");
        hold(true);

        assertThat(drop()).as("a day with something that is held").isZero();
        assertThat(sweep()).isPositive();
        assertThat(runs("id", "run_history")).isEqualTo(sorted(held));
        assertThat(runs("run_id", "journal")).isEqualTo(sorted(held));
        assertThat(runs("run_id", "large_input")).isEqualTo(sorted(held));
        assertThat(sweep()).isZero();
        assertThat(others).isNotNull();

        hold(false);
        assertThat(drop()).isEqualTo(1);
        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("0");
    }

    @Test
    void forgetsEmittedEventsOnceTheyAreReceived() {
        String month = "uuid_floor(now() - interval '10 days')";
        emitted(brief, month);
        emitted(other, month);
        emitted(brief, "uuid_floor(now() - interval '1 day')");
        says(brief, "events_days", "7");
        database.sql("update workflow.duty set position = workflow.uuid_floor(now() - interval '20 days')");
        assertThat(sweep()).as("not received").isZero();
        database.sql("delete from workflow.duty");
        assertThat(sweep()).as("nobody knows what is received").isZero();
        database.sql("insert into workflow.duty (name, position) values ('reconcile', workflow.uuid_floor(now()))");
        assertThat(sweep()).isEqualTo(1);
        assertThat(database.value("select count(*) from workflow.event where organization_id = '" + brief + "'"))
                .isEqualTo("1");
        assertThat(database.value("select count(*) from workflow.event")).isEqualTo("2");
    }

    @Test
    void heldEventsStayAndThoseOfOthersGoWithTheirMonth() {
        String past = "uuid_floor(now() - interval '100 days')";
        emitted(brief, past);
        emitted(other, past);
        hold(true);
        assertThat(sweep()).isEqualTo(1);
        assertThat(database.value("select organization_id from workflow.event")).isEqualTo(brief.toString());
    }

    @Test
    void doesNothingBesideAGatewayThatKnowsNothingOfIt() {
        ended(brief, 5);
        says(brief, "runs_days", "2");
        database.sql("drop function identity.retention_periods()");
        assertThat(sweep()).isZero();
        assertThat(drop()).isZero();
    }

    @Test
    void nobodyElseForgetsAndNobodyTooEarly() {
        assertThatThrownBy(() -> database.sql("select workflow.forget_runs(interval '1 day', 10)"))
                .hasMessageContaining("expected: >= 2 days");
        assertThat(database.value("select has_function_privilege('sluice_api', 'workflow.forget_runs(interval, int)',"
                        + " 'execute') or has_function_privilege('sluice_api', 'workflow.forget_emitted(interval, int)',"
                        + " 'execute') or has_function_privilege('sluice_engine', 'workflow.periods()', 'execute')"))
                .isEqualTo("false");
    }

    private long sweep() {
        try (var retention = new Retention(database.engine(), RunEngine.retentionByOrganization(KEEP))) {
            return Objects.requireNonNull(retention.sweep().block(PATIENCE));
        }
    }

    private long drop() {
        try (var retention = RunEngine.partitions(database.engine(), KEEP)) {
            return Objects.requireNonNull(retention.sweep().block(PATIENCE));
        }
    }

    private OrganizationId organization(String name) {
        OrganizationId id = new OrganizationId(UUID.randomUUID());
        database.sql("insert into identity.organization (id, name) values ('" + id + "', '" + name + "')");
        return id;
    }

    private void says(OrganizationId organization, String column, String value) {
        database.sql("insert into identity.retention (organization_id, " + column
                + ", changed_by, changed_at) values ('"
                + organization + "', " + value + ", 'x', now()) on conflict (organization_id) do update set " + column
                + " = excluded." + column);
    }

    private void hold(boolean on) {
        says(brief, "audit_days", "null");
        database.sql(
                "update identity.retention set hold = " + on + ", hold_reason = " + (on ? "'litigation'" : "null"));
    }

    @CanIgnoreReturnValue
    private UUID ended(OrganizationId organization, int daysAgo) {
        return ended(organization, "now() - interval '" + daysAgo + " days'");
    }

    /** A run that has ended, with a row in every table that has any of runs. */
    private UUID ended(OrganizationId organization, String at) {
        UUID run = UUID.fromString(database.value("select (substr(workflow.uuid_floor(" + at
                + ")::text, 1, 24) || substr(gen_random_uuid()::text, 25))::uuid"));
        String own = "('" + run + "', ";
        database.sql("insert into workflow.run_history (id, organization_id, definition_id, status, input, generation,"
                + " end_seq, created_at, finished_at) values " + own + "'" + organization + "', uuidv7(), 'completed',"
                + " '', 0, 1, now(), " + at + ")");
        for (int seq = 1; seq <= 2; seq++) {
            database.sql("insert into workflow.journal values " + own + seq + ", '" + organization
                    + "', 1, '0', 'set', 0, now(), '{}')");
        }
        database.sql("insert into workflow.large_input values " + own + "'" + organization + "', '')");
        database.sql("insert into workflow.consumed values " + own + "uuidv7(), '" + organization + "')");
        database.sql("insert into workflow.heard values " + own + "uuidv7(), uuidv7(), 0, '" + organization + "')");
        database.sql("insert into workflow.listener (run_id, subscription, position, filter_id, organization_id, key)"
                + " values " + own + "uuidv7(), 0, uuidv7(), '" + organization + "', uuidv7())");
        return run;
    }

    private void emitted(OrganizationId organization, String id) {
        database.sql("insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope) values"
                + " ((substr(workflow." + id + "::text, 1, 24) || substr(gen_random_uuid()::text, 25))::uuid, '"
                + organization + "', uuidv7(), 0, 's', 't', '')");
    }

    private String runs(String column, String table) {
        return database.value("select coalesce(string_agg(distinct " + column + "::text, ',' order by " + column
                + "::text), '') from workflow." + table);
    }

    private static String sorted(UUID... runs) {
        return java.util.Arrays.stream(runs)
                .map(UUID::toString)
                .sorted()
                .collect(java.util.stream.Collectors.joining(","));
    }
}
