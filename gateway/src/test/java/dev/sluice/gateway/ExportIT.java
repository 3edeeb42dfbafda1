package dev.sluice.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.export.ExportTables;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Exports of organizations, with executors that do not always get to their end. */
final class ExportIT {

    private static final String PART = "{\"kind\":\"part\",\"omitted\":{\"workflow.run\":[\"node\"]}}\n";

    private static ScriptedExecutor executor;
    private static RunningGateway gateway;
    private static Sql sql;
    private static String key;
    private static String id;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(
                database,
                "sluice.executor.url=" + executor.url(),
                // Some tests ask again and again.
                "sluice.admission.routes[0].route=GET /v1/export",
                "sluice.admission.routes[0].rate=1000",
                "sluice.admission.routes[0].burst=10000");
        sql = new Sql(database);
        JsonNode made = gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"own\"}")
                .json();
        id = made.path("id").stringValue();
        key = made.at("/apiKey/key").stringValue();
        assertThat(gateway.postAs(key, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.newEndpoint("foreign", "github").id()).isNotEmpty();
        events(0, 450);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        executor.close();
    }

    @BeforeEach
    void whole() {
        executor.exported = Flux.just("{\"kind\":\"run\",\"id\":\"", "1\"}\n", PART);
    }

    @Test
    void givesAllThatIsItsOwnWithAManifestThatCanBeChecked() throws Exception {
        Answer answer = gateway.getAs(key, "/v1/export");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
        List<JsonNode> lines = lines(answer);
        JsonNode manifest = lines.getLast();
        String last = answer.text().lines().toList().getLast() + "\n";
        byte[] body = answer.response().body();
        byte[] before = Arrays.copyOf(body, body.length - last.getBytes(UTF_8).length);
        assertThat(manifest.path("kind").stringValue()).isEqualTo("manifest");
        assertThat(manifest.path("sha256").stringValue())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(before)));
        assertThat(manifest.path("lines").asInt()).isEqualTo(lines.size() - 1);
        JsonNode kinds = manifest.path("kinds");
        assertThat(kinds.path("event").asInt()).isEqualTo(450);
        assertThat(kinds.path("endpoint").asInt()).isEqualTo(1);
        assertThat(kinds.path("run").asInt()).isEqualTo(1);
        assertThat(kinds.path("audit-entry").asInt()).isPositive();
        assertThat(manifest.at("/omitted/workflow.run/0").stringValue()).isEqualTo("node");
        assertThat(manifest.at("/omitted/ingress.endpoint/1").stringValue()).isEqualTo("sealed_secret");
        assertThat(answer.text())
                .doesNotContain(key)
                .doesNotContain("token_hash\":")
                .doesNotContain("foreign");
        assertThat(lines.stream().map(JsonNode::toString)).anyMatch(line -> line.contains("\"data\":{\"n\":7}"));
        assertThat(gateway.getAs(key, "/v1/audit?action=organization.export")
                        .json()
                        .path("items"))
                .isNotEmpty();
    }

    @Test
    void isForOwnersOnly() {
        String admin = gateway.postAs(key, "/v1/api-keys", "{\"name\":\"admin\",\"role\":\"admin\"}")
                .json()
                .path("key")
                .stringValue();
        assertThat(gateway.getAs(admin, "/v1/export").status()).isEqualTo(403);
    }

    @Test
    void isAProblemWhenTheExecutorsPartIsNot() {
        executor.exported = Flux.just("{\"kind\":\"run\",\"id\":1}\n");
        assertThatThrownBy(() -> gateway.getAs(key, "/v1/export")).isInstanceOf(UncheckedIOException.class);
        executor.exported = Flux.just("{\"error\":1}\n");
        assertThat(gateway.getAs(key, "/v1/export").status()).isEqualTo(502);
        executor.exported = Flux.error(new IllegalStateException("gone"));
        assertThat(gateway.getAs(key, "/v1/export").status()).isIn(502, 503);
        executor.exported =
                Flux.concat(Flux.just("{\"kind\":\"run\",\"id\":1}\n"), Flux.error(new IllegalStateException("gone")));
        assertThatThrownBy(() -> gateway.getAs(key, "/v1/export")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void stopsAtItsSourceWhenTheReaderHangsUp() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        String line = "{\"kind\":\"run\",\"text\":\"" + "x".repeat(10_000) + "\"}\n";
        executor.exported = Flux.interval(Duration.ofMillis(1))
                .onBackpressureDrop()
                .map(i -> line)
                .doOnCancel(cancelled::countDown);
        try (HttpClient client = HttpClient.newHttpClient()) {
            InputStream body = client.send(
                            gateway.request("/v1/export")
                                    .header("Authorization", "Bearer " + key)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream())
                    .body();
            assertThat(body.readNBytes(100_000)).hasSize(100_000);
            assertThat(gateway.getAs(key, "/v1/export").status())
                    .as("one at a time")
                    .isEqualTo(429);
            // It stalls: everybody else goes on.
            assertThat(gateway.getAs(key, "/v1/api-keys").status()).isEqualTo(200);
            body.close();
            client.shutdownNow();
        }
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        executor.exported = Flux.just(PART);
        People.await(() -> gateway.getAs(key, "/v1/export").status() == 200);
    }

    /** A table or column that somebody adds is either exported or said to be left out. */
    @Test
    void knowsEveryTableAndColumnOfAnOrganization() {
        JsonNode manifest = lines(gateway.getAs(key, "/v1/export")).getLast();
        for (String table : sql.column(Sql.TENANT_TABLES)) {
            JsonNode omitted = manifest.path("omitted").path(table);
            assertThat(omitted.isString() || ExportTables.exported(table))
                    .as(table)
                    .isTrue();
            if (!omitted.isString()) {
                for (String column : sql.column("select attname from pg_attribute where attrelid = '" + table
                        + "'::regclass and attnum > 0 and not attisdropped and attname <> 'organization_id'")) {
                    assertThat(omitted.valueStream()
                                            .anyMatch(each -> each.stringValue().equals(column))
                                    || ExportTables.exported(table, column))
                            .as("%s.%s", table, column)
                            .isTrue();
                }
            }
        }
    }

    private static List<JsonNode> lines(Answer answer) {
        return answer.text()
                .lines()
                .map(line -> Json.read(line.getBytes(UTF_8)))
                .toList();
    }

    private static void events(int from, int count) {
        sql.run("insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                + " select gen_random_uuid(), '" + id + "', gen_random_uuid(), 's', 't', now(), 'application/json',"
                + " convert_to('{ \"n\": ' || n || ' }', 'UTF8') from generate_series(" + from + ", "
                + (from + count - 1) + ") n");
    }
}
