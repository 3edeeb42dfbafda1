package dev.sluice.gateway.quota;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.pool.ConnectionPool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A database with the gateway's tables, and organizations with plans. All methods block. */
final class QuotaDatabase implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final PostgresSettings database = TestPostgres.freshDatabase();
    private final Postgres postgres;

    QuotaDatabase() {
        Migrations.run(database, "db/migration/gateway", "identity", List.of("identity", "ingress", "audit"))
                .block(DEADLINE);
        postgres = new Postgres(database);
    }

    ConnectionPool api() {
        return postgres.pool(DatabaseRole.API);
    }

    /** One with a plan of its own. */
    OrganizationId organization(String allowances, String costs) {
        OrganizationId organization = organization();
        plan("p-" + organization, allowances, costs);
        run("insert into identity.quota (organization_id, plan) values ('%1$s', 'p-%1$s')".formatted(organization));
        return organization;
    }

    OrganizationId organization() {
        OrganizationId organization = new OrganizationId(UUID.randomUUID());
        run("insert into identity.organization (id, name, created_at) values ('%s', 'o', now())"
                .formatted(organization));
        return organization;
    }

    void plan(String name, String allowances, String costs) {
        run("insert into identity.plan (name, allowances, costs) values ('%s', '%s', '%s') on conflict (name)"
                        .formatted(name, allowances, costs)
                + " do update set allowances = excluded.allowances, costs = excluded.costs");
    }

    long used(OrganizationId organization, Metered kind) {
        return number("select coalesce(sum(amount), 0) from identity.usage where organization_id = '%s' and kind = '%s'"
                .formatted(organization, kind.id()));
    }

    /** Its clock. */
    long micros() {
        return number("select (extract(epoch from clock_timestamp()) * 1000000)::bigint");
    }

    /** Whether a gateway has told what it has of an organization's allowances later than then. */
    boolean toldSince(OrganizationId organization, long micros) {
        return number("select count(*) from identity.usage_lease where organization_id = '%s'".formatted(organization)
                        + " and extract(epoch from told_at) * 1000000 > " + micros)
                > 0;
    }

    void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    long number(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + database.url(), DatabaseRole.MIGRATE.login(), database.password(DatabaseRole.MIGRATE));
    }

    @Override
    public void close() {
        postgres.close();
    }
}
