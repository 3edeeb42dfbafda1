package dev.sluice.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.export.ExportTables;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
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
            InputStream body = export(client, key, "/v1/export");
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

    @Test
    void breaksOffWhenItsKeyIsTakenBack() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        String line = "{\"kind\":\"run\",\"text\":\"" + "x".repeat(10_000) + "\"}\n";
        executor.exported = Flux.interval(Duration.ofMillis(1))
                .onBackpressureDrop()
                .map(i -> line)
                .take(20_000)
                .concatWithValues(PART)
                .doOnCancel(cancelled::countDown);
        JsonNode made = gateway.postAs(key, "/v1/api-keys", "{\"name\":\"brief\",\"role\":\"owner\"}")
                .json();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = export(client, made.path("key").stringValue(), "/v1/export")) {
            assertThat(body.readNBytes(100_000)).hasSize(100_000);
            assertThat(new People(gateway, gateway)
                            .delete(key, "/v1/api-keys/" + made.path("id").stringValue())
                            .status())
                    .isEqualTo(204);
            assertThat(cancelled.await(20, TimeUnit.SECONDS))
                    .as("its source is left, though nobody reads")
                    .isTrue();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        executor.exported = Flux.just(PART);
        People.await(() -> gateway.getAs(key, "/v1/export").status() == 200);
    }

    @Test
    void theLogBreaksOffWhenItsKeyIsTakenBack() throws Exception {
        Log log = log();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = export(client, log.key(), "/v1/audit/export")) {
            assertThat(body.readNBytes(100_000)).hasSize(100_000);
            log.takeKeyBack();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    /** Which has an end of its own for each answer, so that nobody is to take the one for the other. */
    @Test
    void theLogIsResetOnHttp2() throws Exception {
        Log log = log();
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, "/v1/audit/export", "authorization", "Bearer " + log.key());
            assertThat(raw.await(RawHttp2.DATA, 1).isEnd()).isFalse();
            log.takeKeyBack();
            raw.open(0, 1 << 30).open(1, 1 << 30);
            assertThat(raw.await(frame -> frame.stream() == 1 && (frame.isEnd() || frame.type() == RawHttp2.RST_STREAM))
                            .type())
                    .isEqualTo(RawHttp2.RST_STREAM);
            raw.get(3, "/v1/audit", "authorization", "Bearer " + log.key());
            assertThat(raw.status(3)).isEqualTo("401");
        }
    }

    /** The log of an organization that is 80 MB long, and another key that may read it. */
    private static Log log() {
        JsonNode made = gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"talkative\"}")
                .json();
        String owner = made.at("/apiKey/key").stringValue();
        sql.run(
                "insert into audit.entry (organization_id, number, at, actor, action, subject, denied, request_id, address,"
                        + " detail, hash) select '" + made.path("id").stringValue()
                        + "', 1000000 + n, now(), 'a', 'b', 'c', false, 'r', 'l', convert_to('{\"x\":\"' || repeat('x', 4000)"
                        + " || '\"}', 'UTF8'), sha256('') from generate_series(1, 20000) n");
        JsonNode brief = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"brief\",\"role\":\"owner\"}")
                .json();
        return new Log(
                owner,
                brief.path("key").stringValue(),
                "/v1/api-keys/" + brief.path("id").stringValue());
    }

    private record Log(String owner, String key, String path) {

        void takeKeyBack() {
            assertThat(new People(gateway, gateway).delete(owner, path).status())
                    .isEqualTo(204);
            People.awaitSoon(() -> gateway.getAs(key, "/v1/audit").status() == 401);
        }
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

    private static InputStream export(HttpClient client, String with, String path)
            throws IOException, InterruptedException {
        HttpRequest request =
                gateway.request(path).header("Authorization", "Bearer " + with).build();
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
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
