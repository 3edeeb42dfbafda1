package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the login of requests sees in each table of executors that has an organization, with statements without any filter. */
final class RowSecurityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OrganizationId ONE = new OrganizationId(UUID.randomUUID());
    private static final OrganizationId OTHER = new OrganizationId(UUID.randomUUID());

    /** Only the engine has to do with these. */
    private static final List<String> HIDDEN = List.of("workflow.idempotency", "workflow.erasure");

    private static ExecutorDatabase database;
    private static Postgres postgres;
    private static TenantRows rows;

    @BeforeAll
    static void fillTwoOrganizations() {
        database = new ExecutorDatabase();
        postgres = new Postgres(database.settings());
        rows = new TenantRows(database);
        rows.fill(ONE);
        rows.fill(OTHER);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        database.close();
    }

    @Test
    void looksAtEveryTableThatHasAnOrganization() {
        assertThat(rows.tables())
                .hasSizeGreaterThan(19)
                .contains("workflow.run", "workflow.journal", "workflow.share", "workflow.secret", "workflow.data_key");
        rows.tables()
                .forEach(
                        table -> assertThat(rows.count(table, "true")).as(table).isEqualTo(2));
    }

    @Test
    void isOnForEachOfThem() {
        assertThat(rows.tables().stream()
                        .filter(table -> database.value("select relrowsecurity::text from pg_class where oid = '"
                                        + table + "'::regclass")
                                .equals("false")))
                .isEmpty();
    }

    @Test
    void showsNothingWithoutAnOrganization() {
        for (String table : rows.tables()) {
            assertThat(seen(table, ""))
                    .as(table)
                    .isEqualTo(
                            HIDDEN.contains(table)
                                    ? "permission denied"
                                    : List.of().toString());
        }
    }

    @Test
    void showsOnlyItsOwnToAnOrganization() {
        for (String table : rows.tables()) {
            assertThat(seen(table, ONE.toString()))
                    .as(table)
                    .isEqualTo(HIDDEN.contains(table) ? "permission denied" : "[" + ONE + "]");
        }
    }

    @Test
    void letsNobodyPastIt() {
        // A partition has no policy of its own, and whoever is given rights on it sees all of it.
        assertThat(seen("workflow.journal_other", ONE.toString())).isEqualTo("permission denied");
        assertThat(seen("workflow.run_history_other", ONE.toString())).isEqualTo("permission denied");
        for (String table : rows.tables()) {
            String sql =
                    "update " + table + " set organization_id = '" + ONE + "' where organization_id = '" + OTHER + "'";
            assertThat(attempt(ONE.toString(), sql)).as(table).isIn("0", "permission denied");
            assertThat(attempt(ONE.toString(), "delete from " + table + " where organization_id = '" + OTHER + "'"))
                    .as(table)
                    .isIn("0", "permission denied");
            assertThat(rows.count(table, "organization_id = '" + OTHER + "'"))
                    .as(table)
                    .isEqualTo(1);
        }
    }

    private static String seen(String table, String organization) {
        return asked(connection -> set(connection, organization)
                .thenMany(Flux.from(connection
                                .createStatement("select organization_id::text from " + table)
                                .execute())
                        .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class)))))
                .collectList()
                .map(Object::toString));
    }

    private static String attempt(String organization, String sql) {
        return asked(connection -> set(connection, organization)
                .thenMany(Flux.from(connection.createStatement(sql).execute())
                        .concatMap(result -> result.getRowsUpdated()))
                .reduce(0L, Long::sum)
                .map(Object::toString));
    }

    private static String asked(Function<Connection, Mono<String>> work) {
        return Objects.requireNonNull(Mono.usingWhen(
                        postgres.pool(DatabaseRole.API).create(),
                        connection -> Mono.from(connection.beginTransaction())
                                .then(Mono.defer(() -> work.apply(connection)))
                                .onErrorResume(RowSecurityIT::refusal)
                                .flatMap(answer -> Mono.from(connection.rollbackTransaction())
                                        .thenReturn(answer)),
                        Connection::close)
                .block(PATIENCE));
    }

    private static Mono<String> refusal(Throwable error) {
        String message = error.getMessage();
        return message != null && message.contains("permission denied")
                ? Mono.just("permission denied")
                : Mono.error(error);
    }

    private static Mono<Void> set(Connection connection, String organization) {
        return organization.isEmpty()
                ? Mono.empty()
                : TenantTransactions.goOnIn(connection, OrganizationId.of(organization));
    }
}
