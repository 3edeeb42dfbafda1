package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.RunEngine;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@Timeout(60)
final class RetentionIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Postgres postgres;

    @BeforeEach
    void migrate() {
        PostgresSettings database = TestPostgres.freshDatabase();
        Migrations.run(database, "db/migration/executor", "workflow", List.of("workflow"))
                .block(DEADLINE);
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void forgetsIdempotencyKeysAfterADay() {
        run("""
                insert into workflow.idempotency
                select gen_random_uuid(), 'n', name, 'key', 'request', gen_random_uuid(), now() - age
                from (values ('new', interval '0'), ('young', interval '23 hours 59 minutes'),
                             ('old', interval '25 hours 1 minute'), ('ancient', interval '1 year')) as t (name, age)""");
        sweep(RunEngine.retention(), 2);
        assertThat(run("select name from workflow.idempotency order by name")).containsExactly("new", "young");
    }

    @Test
    void forgetsNodesThatAreDeadForADayAndOwnNothing() {
        run("""
                insert into workflow.node (id, name, lease_until, dead)
                select gen_random_uuid(), name, now() - age, dead
                from (values ('alive', interval '-10 seconds', false), ('silent', interval '2 days', false),
                             ('just dead', interval '23 hours', true), ('dead', interval '25 hours', true),
                             ('dead with runs', interval '2 days', true)) as t (name, age, dead)""");
        run(DatabaseRole.MIGRATE, """
                with d as (
                    insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)
                    values (gen_random_uuid(), gen_random_uuid(), 'n', 'w', '1.0.0', '', '')
                    returning id, organization_id)
                insert into workflow.run (id, organization_id, definition_id, status, input, node, created_at)
                select gen_random_uuid(), d.organization_id, d.id, 'running', '', n.id, now()
                from d, workflow.node n where n.name = 'dead with runs'""");
        sweep(NodeLease.retention(), 1);
        assertThat(run("select name from workflow.node order by name"))
                .containsExactly("alive", "dead with runs", "just dead", "silent");
        run("update workflow.run set node = null");
        sweep(NodeLease.retention(), 1);
    }

    private void sweep(Retention.Rule rule, long expected) {
        try (var retention = new Retention(postgres.pool(DatabaseRole.ENGINE), List.of(rule))) {
            retention
                    .sweep()
                    .as(StepVerifier::create)
                    .expectNext(expected)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @CanIgnoreReturnValue
    private List<String> run(String sql) {
        return run(DatabaseRole.ENGINE, sql);
    }

    /** The first column of the rows, if there are any. */
    @CanIgnoreReturnValue
    private List<String> run(DatabaseRole role, String sql) {
        return Objects.requireNonNull(Flux.usingWhen(
                        postgres.pool(role).create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .concatMap(result -> result.map(row -> String.valueOf(row.get(0)))),
                        Connection::close)
                .collectList()
                .block(DEADLINE));
    }
}
