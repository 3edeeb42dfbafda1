package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.LocalPort;
import dev.sluice.shared.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Keycloak's own distribution as a child process on loopback, with the realm of {@code keycloak-realm.json}. All methods block. */
final class KeycloakServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern ACTION = Pattern.compile("<form id=\"kc-form-login\"[^>]* action=\"([^\"]+)\"");
    private static final String ADMIN = "admin-password";

    /** The child ends with the guard's input, which ends with this process however that ends; and the guard with the child. */
    private static final String GUARD = "exec 3<&0; \"$@\" </dev/null 3<&- & child=$!;"
            + " (cat <&3 >/dev/null; kill $child; sleep 10; kill -9 $child) & watch=$!;"
            + " wait $child; code=$?; kill $watch; exit $code";

    private final Path home;
    private final int port = LocalPort.free();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private @Nullable Process process;

    /** Not started yet; what an earlier one has stored is gone. */
    KeycloakServer() {
        try (Stream<Path> unpacked = Files.list(Path.of("target/keycloak"))) {
            this.home = unpacked.filter(path -> Files.exists(path.resolve("lib/quarkus-run.jar")))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
            delete(home.resolve("data"));
            Path realm = home.resolve("data/import/sluice-realm.json");
            Files.createDirectories(realm.getParent());
            Files.copy(Path.of("src/test/resources/keycloak-realm.json"), realm);
            build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + port + "/realms/sluice";
    }

    /** Waits until it answers. */
    void start() {
        process = run(
                List.of(
                        "start",
                        "--optimized",
                        "--import-realm",
                        "--http-enabled=true",
                        "--hostname-strict=false",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port),
                "start");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            assertThat(System.nanoTime()).as(log("start")).isLessThan(deadline);
            assertThat(ends(process)).as(log("start")).isFalse();
        }
    }

    void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
            assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        process = null;
    }

    @Override
    public void close() {
        stop();
        client.shutdownNow();
    }

    /** What Keycloak wants to know before its first start; once for a distribution, since it takes half a minute. */
    private void build() throws IOException {
        Path mark = home.resolve("built-for-sluice");
        if (Files.exists(mark)) {
            return;
        }
        Process building = run(List.of("build", "--db=dev-file", "--cache=local"), "build");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ends(building)) {
            assertThat(System.nanoTime()).as(log("build")).isLessThan(deadline);
        }
        assertThat(building.exitValue()).as(log("build")).isZero();
        Files.createFile(mark);
    }

    private Process run(List<String> arguments, String name) {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                GUARD,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dkc.home.dir=" + home,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        command.addAll(arguments);
        File log = logFile(name).toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody types a password into the form at an address; the query with which their browser is sent back. */
    String logIn(String url, String user, String password) {
        Map<String, String> cookies = new TreeMap<>();
        HttpResponse<String> page = send(HttpRequest.newBuilder(URI.create(url)), cookies);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        Matcher action = ACTION.matcher(page.body().replaceAll("\\s+", " "));
        assertThat(action.find()).as(page.body()).isTrue();
        HttpResponse<String> sent = send(
                HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form(Map.of("username", user, "password", password)))),
                cookies);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(HttpURLConnection.HTTP_MOVED_TEMP);
        return URI.create(sent.headers().firstValue("Location").orElseThrow()).getRawQuery();
    }

    /** An access token of the client that is a program. */
    String robotToken() {
        return token(
                issuer(),
                Map.of("grant_type", "client_credentials", "client_id", "robot", "client_secret", "robot-secret"));
    }

    /** From now on it signs with a key that it has just made. */
    void rotateKey() {
        String admin = token(
                "http://127.0.0.1:" + port + "/realms/master",
                Map.of("grant_type", "password", "client_id", "admin-cli", "username", "admin", "password", ADMIN));
        String key =
                "{\"name\":\"newer\",\"providerId\":\"rsa-generated\",\"providerType\":\"org.keycloak.keys.KeyProvider\","
                        + "\"config\":{\"priority\":[\"1000\"],\"keySize\":[\"2048\"],\"algorithm\":[\"RS256\"]}}";
        HttpResponse<String> made = send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/realms/sluice/components"))
                        .header("Authorization", "Bearer " + admin)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(key)),
                new TreeMap<>());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(HttpURLConnection.HTTP_CREATED);
    }

    private String token(String realm, Map<String, String> form) {
        HttpResponse<String> answer = send(
                HttpRequest.newBuilder(URI.create(realm + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form(form))),
                new TreeMap<>());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
        return json.path("access_token").stringValue();
    }

    private boolean answers() {
        try {
            return client.send(
                                    HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps cookies by their names, whatever they say of TLS. */
    private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> cookies) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(header -> {
                String[] pair = header.replaceAll(";.*", "").split("=", 2);
                cookies.put(pair[0], pair[1]);
            });
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Path logFile(String name) {
        return home.resolve("sluice-" + name + ".log");
    }

    private String log(String name) {
        try {
            return Files.readString(logFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A short look whether a process ends, which is a pause between two looks at what it does. */
    private static boolean ends(Process process) {
        try {
            return process.waitFor(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
