package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each login may do, with statements that forget every filter. */
final class RowSecurityIT {

    private static final String PASSWORD = "correct horse battery";

    private static PostgresSettings database;

    @BeforeAll
    static void fillTwoOrganizations() {
        database = TestPostgres.freshDatabase();
        try (RunningGateway gateway = RunningGateway.start(database)) {
            String other = gateway.newOrganization("other");
            String id = gateway.getAs(other, "/v1/api-keys")
                    .json()
                    .at("/items/0/id")
                    .stringValue();
            var rotated = gateway.postAs(other, "/v1/api-keys/" + id + ":rotate", "{}");
            assertThat(rotated.status()).isEqualTo(201);
            // The key of before ends, and nobody is invited with one that does.
            other = rotated.json().path("key").stringValue();
            assertThat(gateway.postAs(other, "/v1/endpoints", "{\"name\":\"b\",\"source\":\"github\"}")
                            .status())
                    .isEqualTo(201);
            fillPeople(gateway, other);
            var hook = gateway.newEndpoint("a", "generic-hmac");
            assertThat(gateway.post(
                                    hook.path(),
                                    "{}",
                                    "Content-Type",
                                    "application/json",
                                    "Idempotency-Key",
                                    "1",
                                    "X-Signature-256",
                                    hook.sign("{}"))
                            .status())
                    .isEqualTo(202);
        }
    }

    /** One member who has logged in, one who is invited, a role. */
    private static void fillPeople(RunningGateway gateway, String owner) {
        String token = gateway.postAs(owner, "/v1/invitations", "{\"email\":\"ada@example.com\",\"role\":\"viewer\"}")
                .json()
                .path("token")
                .stringValue();
        String[] json = {"Content-Type", "application/json"};
        String password = "\"password\":\"" + PASSWORD + "\"}";
        assertThat(gateway.post(
                                "/v1/invitations:accept",
                                "{\"token\":\"" + token + "\",\"name\":\"Ada\"," + password,
                                json)
                        .status())
                .isEqualTo(201);
        assertThat(gateway.post("/v1/sessions", "{\"email\":\"ada@example.com\"," + password, json)
                        .status())
                .isEqualTo(201);
        assertThat(gateway.postAs(owner, "/v1/invitations", "{\"email\":\"b@example.com\",\"role\":\"viewer\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.send(
                                gateway.request("/v1/roles/operator")
                                        .PUT(HttpRequest.BodyPublishers.ofString("{\"permissions\":[]}")),
                                "Authorization",
                                "Bearer " + owner,
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity.organization",
                "identity.person",
                "identity.member",
                "identity.role",
                "identity.invitation",
                "identity.session",
                "identity.api_key",
                "identity.data_key",
                "identity.change",
                "audit.entry",
                "ingress.endpoint",
                "ingress.event"
            })
    void showsNothingWithoutAnOrganization(String table) throws SQLException {
        assertThat(count(DatabaseRole.API, "", table)).isZero();
        assertThat(count(DatabaseRole.MIGRATE, "", table)).isPositive();
    }

    /** As the catalogue has them, so that a new one is not forgotten. */
    @Test
    void hidesEveryTableOfOrganizationsAndOfPeople() throws SQLException {
        String tables = one(DatabaseRole.MIGRATE, "", """
                select string_agg(distinct c.oid::regclass::text || ' ' || c.relrowsecurity, ',') from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
                where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('identity', 'ingress', 'audit')
                    and a.attname in ('organization_id', 'person_id')""");
        assertThat(tables.split(",", -1)).hasSizeGreaterThan(15).allMatch(table -> table.endsWith(" true"));
        for (String table : tables.replace(" true", "").split(",", -1)) {
            assertThat(seen(table)).as(table).isIn("0", "permission denied");
        }
    }

    private static String seen(String table) throws SQLException {
        try {
            return Integer.toString(count(DatabaseRole.API, "", table));
        } catch (SQLException e) {
            if (String.valueOf(e).contains("permission denied")) {
                return "permission denied";
            }
            throw e;
        }
    }

    @Test
    void showsOneOrganizationsRowsOnly() throws SQLException {
        String other = one(DatabaseRole.MIGRATE, "", "select id::text from identity.organization where name = 'other'");
        assertThat(count(DatabaseRole.API, other, "identity.organization")).isEqualTo(1);
        assertThat(count(DatabaseRole.API, other, "identity.api_key")).isEqualTo(2);
        assertThat(count(DatabaseRole.API, other, "ingress.endpoint")).isEqualTo(1);
        assertThat(count(DatabaseRole.API, other, "ingress.event")).isZero();
        assertThat(count(DatabaseRole.API, other, "identity.change")).isEqualTo(3);
        assertThat(count(DatabaseRole.API, other, "audit.entry")).isEqualTo(8);
        assertThat(count(DatabaseRole.API, other, "identity.person")).isEqualTo(1);
        assertThat(count(DatabaseRole.API, other, "identity.member")).isEqualTo(1);
        assertThat(count(DatabaseRole.API, other, "identity.session")).isZero();
        String platform =
                one(DatabaseRole.MIGRATE, "", "select id::text from identity.organization where name = 'default'");
        assertThat(count(DatabaseRole.API, platform, "identity.person")).isZero();
    }

    @Test
    void storesNothingForAnotherOrganization() {
        assertThatThrownBy(() -> one(
                        DatabaseRole.API,
                        "01900000-0000-7000-8000-000000000000",
                        "insert into identity.organization (id, name) values (gen_random_uuid(), 'x') returning name"))
                .hasMessageContaining("row-level security");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select data from ingress.event",
                "select name from ingress.endpoint",
                "select hash from identity.api_key",
                "update ingress.dedupe set event_id = event_id returning 1",
                "delete from ingress.event returning 1",
                "select ingress.find_endpoint('x')"
            })
    void letsIngestionAppendAndNothingElse(String sql) {
        assertThatThrownBy(() -> one(DatabaseRole.INGEST, "", sql)).hasMessageContaining("permission denied");
    }

    @Test
    void letsTheEngineReadEventsOfAllOrganizations() throws SQLException {
        assertThat(count(DatabaseRole.ENGINE, "", "ingress.event")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1 from ingress.endpoint",
                "select 1 from ingress.dedupe",
                "select 1 from identity.api_key",
                "update ingress.event set type = type returning 1",
                "select identity.find_api_key('x')"
            })
    void letsTheEngineDoNothingElse(String sql) {
        assertThatThrownBy(() -> one(DatabaseRole.ENGINE, "", sql)).hasMessageContaining("permission denied");
    }

    @Test
    void keepsEventsInThePartitionOfTheirMonth() throws SQLException {
        String partition = one(DatabaseRole.MIGRATE, "", "select tableoid::regclass::text from ingress.event");
        assertThat(partition).matches("ingress\\.event_\\d{4}_\\d{2}");
        assertThat(one(DatabaseRole.API, "", "select ingress.create_event_partitions(3)::text"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select password from identity.person",
                "select sealed_secret from identity.person",
                "select hash from identity.login_token",
                "delete from identity.login_token returning 1",
                "update identity.person set generation = 0 returning 1"
            })
    void showsNobodyWhatProvesWhoSomebodyIs(String sql) {
        assertThatThrownBy(() -> one(DatabaseRole.API, "", sql)).hasMessageContaining("permission denied");
    }

    @Test
    void showsAndGivesAccountsAtProvidersToThePersonOnly() throws SQLException {
        String insert = """
                insert into identity.login_link (id, person_id, issuer, subject, provider, account)
                select gen_random_uuid(), p.id, 'https://issuer', '%s', 'corp', 'ada' from identity.person p returning subject""";
        assertThat(one(DatabaseRole.MIGRATE, "", insert.formatted("theirs"))).isEqualTo("theirs");
        assertThat(count(DatabaseRole.API, "", "identity.login_link")).isZero();
        String other = one(DatabaseRole.MIGRATE, "", "select id::text from identity.organization where name = 'other'");
        assertThat(count(DatabaseRole.API, other, "identity.login_link")).isZero();
        assertThatThrownBy(() -> one(DatabaseRole.API, other, insert.formatted("stolen")))
                .hasMessageContaining("row-level security");
    }

    @Test
    void keepsNoPasswordInClear() throws SQLException {
        assertThat(one(DatabaseRole.MIGRATE, "", "select password from identity.person"))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .doesNotContain(PASSWORD);
    }

    @Test
    void keepsNoSecretInClear() throws SQLException {
        String secrets =
                one(DatabaseRole.MIGRATE, "", "select string_agg(encode(hash, 'escape'), ' ') from identity.api_key");
        assertThat(secrets).doesNotContain(RunningGateway.PLATFORM_KEY);
    }

    private static int count(DatabaseRole role, String organization, String table) throws SQLException {
        return Integer.parseInt(one(role, organization, "select count(*)::text from " + table));
    }

    private static String one(DatabaseRole role, String organization, String sql) throws SQLException {
        String url = "jdbc:" + database.url();
        try (Connection connection = DriverManager.getConnection(url, role.login(), database.password(role));
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('sluice.organization', '" + organization + "', false)");
            try (ResultSet rows = statement.executeQuery(sql)) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        }
    }
}
