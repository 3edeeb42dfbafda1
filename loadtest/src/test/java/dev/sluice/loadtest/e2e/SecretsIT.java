package dev.sluice.loadtest.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets through the gateway: who may set them, and where their values are not. */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class SecretsIT {

    private static final String VALUE = "s3cret-that-is-nowhere-in-clear";
    private static final String BODY = "{\"value\":{\"client\":\"" + VALUE + "\"}}";

    @TempDir
    private static Path folder;

    private static DrillSystem system;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        system = LocalSystems.of(folder, 1, 1);
        system.startServers("");
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        api = new Api(system.gateway(0));
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void takeAPermissionEach() throws Exception {
        String admin = key("\"role\":\"admin\"");
        String member = key("\"role\":\"member\"");
        String nobody = key("\"permissions\":[\"runs:read\"]");

        assertThat(put(member, "permitted", BODY).status()).isEqualTo(403);
        assertThat(put(admin, "permitted", BODY).status()).isEqualTo(201);
        assertThat(put(key("\"permissions\":[\"secrets:manage\"]"), "permitted", BODY)
                        .status())
                .isEqualTo(200);
        assertThat(get(member, "/v1/secrets/permitted").status()).isEqualTo(200);
        assertThat(get(member, "/v1/secrets").body().toString()).contains("permitted");
        assertThat(get(nobody, "/v1/secrets/permitted").status()).isEqualTo(403);
        assertThat(get(nobody, "/v1/secrets").status()).isEqualTo(403);
        assertThat(delete(member, "permitted").status()).isEqualTo(403);
        assertThat(delete(admin, "permitted").status()).isEqualTo(204);
        assertThat(get(member, "/v1/secrets/permitted").status()).isEqualTo(404);
    }

    /** The files of PostgreSQL, its log of changes included, of Redis, and what both services log. */
    @Test
    void areInNoAnswerNoAuditEntryAndNoFile() throws Exception {
        String admin = key("\"role\":\"admin\"");
        Api.Answer made = put(admin, "sealed", BODY);
        Api.Answer changed = put(admin, "sealed", BODY);
        Api.Answer wrong = put(admin, "sealed", VALUE);
        Api.Answer shown = get(admin, "/v1/secrets/sealed");
        Api.Answer audit = get(admin, "/v1/audit");

        assertThat(made.status()).isEqualTo(201);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(Stream.of(made, changed, wrong, shown, audit)
                        .map(answer -> answer.body().toString()))
                .noneMatch(body -> body.contains(VALUE));
        assertThat(audit.body()
                        .path("items")
                        .valueStream()
                        .filter(entry -> entry.path("subject").asString().equals("PUT /v1/secrets/sealed")))
                .hasSize(2)
                .allMatch(entry -> entry.path("action").asString().equals("PUT /v1/secrets/{name}"));
        assertThat(delete(admin, "sealed").status()).isEqualTo(204);
        assertThat(get(admin, "/v1/audit").body().at("/items/0/subject").asString())
                .isEqualTo("DELETE /v1/secrets/sealed");

        assertThat(filesWith("/v1/secrets/sealed"))
                .as("the search finds what is there")
                .isNotEmpty();
        assertThat(filesWith(VALUE)).isEmpty();
    }

    private static List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(text))
                    .toList();
        }
    }

    /** Of a file that may go meanwhile, nothing. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Api.Answer put(String key, String name, String body) throws Exception {
        return send(key, api.request("/v1/secrets/" + name).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Api.Answer delete(String key, String name) throws Exception {
        return send(key, api.request("/v1/secrets/" + name).DELETE());
    }

    private static Api.Answer get(String key, String target) throws Exception {
        return send(key, api.request(target));
    }

    private static Api.Answer send(String key, HttpRequest.Builder request) throws Exception {
        return api.send(request.setHeader("Authorization", "Bearer " + key));
    }

    private static String key(String grant) throws Exception {
        return api.send(api.post("/v1/api-keys", "{\"name\":\"secrets\"," + grant + "}"))
                .body()
                .path("key")
                .asString();
    }
}
