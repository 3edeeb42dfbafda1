package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The audit log: complete, chained, append-only. */
final class AuditIT {

    private static PostgresSettings database;
    private static ScriptedExecutor executor;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        database = TestPostgres.freshDatabase();
        executor = new ScriptedExecutor();
        gateway = RunningGateway.start(database, "sluice.executor.url=" + executor.url());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        executor.close();
    }

    @Test
    void recordsChangesWithWhoMadeThem() {
        String owner = gateway.newOrganization("recorded");
        JsonNode made = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"a\",\"role\":\"viewer\"}")
                .json();
        String id = made.path("id").stringValue();
        assertThat(gateway.postAs(owner, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.postAs(owner, "/v1/api-keys/" + id + ":rotate", "{}").status())
                .isEqualTo(201);
        assertThat(delete(owner, "/v1/api-keys/" + id).status()).isEqualTo(204);
        assertThat(delete(owner, "/v1/api-keys/" + id).status()).isEqualTo(204);

        List<JsonNode> entries = entries(owner, "");
        assertThat(entries)
                .extracting(entry -> entry.path("action").stringValue())
                .containsExactly(
                        "api-key.revoke", "api-key.rotate", "endpoint.create", "api-key.create", "organization.create");
        assertThat(entries).extracting(entry -> entry.path("number").intValue()).containsExactly(5, 4, 3, 2, 1);
        JsonNode created = entries.get(3);
        assertThat(created.path("subject").stringValue()).isEqualTo("api-key:%s", id);
        assertThat(created.path("actor").stringValue()).startsWith("api-key:");
        assertThat(created.path("address").stringValue()).isEqualTo("127.0.0.1");
        assertThat(created.path("requestId").stringValue()).isNotEmpty();
        assertThat(created.path("outcome").stringValue()).isEqualTo("done");
        assertThat(gateway.getAs(owner, "/v1/audit").text())
                .doesNotContain(made.path("key").stringValue(), owner);
        assertThat(entries(owner, "?action=api-key.rotate")).hasSize(1);
        assertThat(entries(owner, "?actor=nobody")).isEmpty();
        assertThat(gateway.getAs(owner, "/v1/audit/verification").json())
                .isEqualTo(json("{\"entries\":5,\"intact\":true,\"brokenAt\":null,\"forgotten\":0}"));
    }

    @Test
    void recordsWhatIsRefused() {
        String owner = gateway.newOrganization("refused");
        String viewer = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"v\",\"role\":\"viewer\"}")
                .json()
                .path("key")
                .stringValue();
        assertThat(gateway.postAs(viewer, "/v1/workflows", "{}").status()).isEqualTo(403);
        assertThat(gateway.getAs(viewer, "/v1/audit").status()).isEqualTo(403);

        assertThat(entries(owner, ""))
                .filteredOn(entry -> "denied".equals(entry.path("outcome").stringValue()))
                .extracting(entry -> entry.path("subject").stringValue())
                .containsExactly("GET /v1/audit", "POST /v1/workflows");
    }

    @Test
    void recordsWhatExecutorsChangeAndNotWhatTheyRefuse() {
        String owner = gateway.newOrganization("elsewhere");
        assertThat(gateway.postAs(owner, "/v1/runs/1:cancel", "").status()).isEqualTo(200);
        assertThat(gateway.getAs(owner, "/v1/runs/1").status()).isEqualTo(200);
        assertThat(gateway.postAs(owner, "/v1/workflows/a/b/runs", "{}").status())
                .isEqualTo(200);
        assertThat(gateway.postAs(owner, "/v1/runs/status-409:suspend", "").status())
                .isEqualTo(409);
        assertThat(gateway.getAs(owner, "/v1/shares/status-403").status()).isEqualTo(403);

        assertThat(entries(owner, ""))
                .extracting(entry -> entry.path("action").stringValue() + " "
                        + entry.path("outcome").stringValue())
                .containsExactly(
                        "GET /v1/shares/{organization} denied",
                        "POST /v1/runs/{id}:cancel done",
                        "organization.create done");
    }

    @Test
    void chainsWhatComesAtOnce() {
        String owner = gateway.newOrganization("busy");
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String body = "{\"name\":\"k" + i + "\"}";
            all.add(CompletableFuture.supplyAsync(() -> gateway.postAs(owner, "/v1/api-keys", body)));
        }
        all.forEach(answer -> assertThat(answer.join().status()).isEqualTo(201));

        assertThat(gateway.getAs(owner, "/v1/audit/verification").json())
                .isEqualTo(json("{\"entries\":41,\"intact\":true,\"brokenAt\":null,\"forgotten\":0}"));
        Answer export = gateway.getAs(owner, "/v1/audit/export");
        assertThat(export.header("content-type")).isEqualTo("application/x-ndjson");
        assertThat(export.text().lines().map(line -> json(line).path("number").intValue()))
                .hasSize(41)
                .isSorted();
        JsonNode page = gateway.getAs(owner, "/v1/audit?limit=30").json();
        assertThat(page.path("items")).hasSize(30);
        assertThat(entries(owner, "?limit=30&cursor=" + page.path("next").stringValue()))
                .hasSize(11);
        assertThat(gateway.getAs(owner, "/v1/audit?cursor=eA").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit.entry set actor = 'somebody else' where number = 2 and organization_id = '%s'",
                "delete from audit.entry where number = 2 and organization_id = '%s'",
                "delete from audit.entry where number = 3 and organization_id = '%s'",
                "update audit.entry set hash = sha256('x') where number = 2 and organization_id = '%s'"
            })
    void findsWhatTheOwnerOfTheDatabaseChanged(String tampering) throws SQLException {
        JsonNode made = gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"tampered\"}")
                .json();
        String owner = made.at("/apiKey/key").stringValue();
        for (int i = 0; i < 2; i++) {
            assertThat(gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"k\"}").status())
                    .isEqualTo(201);
        }
        execute(DatabaseRole.MIGRATE, "", tampering.formatted(made.path("id").stringValue()));

        JsonNode found = gateway.getAs(owner, "/v1/audit/verification").json();
        assertThat(found.path("intact").booleanValue()).isFalse();
        assertThat(found.path("brokenAt").intValue()).isBetween(2, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit.entry set actor = 'x'",
                "delete from audit.entry",
                "truncate audit.entry",
                "insert into audit.entry select * from audit.entry",
                "update audit.head set number = 0",
                "select 1 from audit.head"
            })
    void letsTheRoleThatHandlesRequestsAppendAndReadOnly(String sql) {
        assertThatThrownBy(() -> execute(DatabaseRole.API, "01900000-0000-7000-8000-000000000000", sql))
                .hasMessageContaining("permission denied");
    }

    private static List<JsonNode> entries(String key, String query) {
        Answer answer = gateway.getAs(key, "/v1/audit" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonNode> items = new ArrayList<>();
        answer.json().path("items").forEach(items::add);
        return items;
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer delete(String key, String path) {
        return gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + key);
    }

    private static void execute(DatabaseRole role, String organization, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + database.url(), role.login(), database.password(role));
                Statement statement = connection.createStatement()) {
            boolean ignored =
                    statement.execute("select set_config('sluice.organization', '" + organization + "', false)");
            boolean rows = statement.execute(sql);
            assertThat(rows || statement.getUpdateCount() == 1).isTrue();
        }
    }
}
