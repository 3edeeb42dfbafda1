package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestPostgres;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests as no well-meaning client sends them: none gets further than a plain one of the same caller would. */
final class RudeRequestsIT {

    private static ScriptedExecutor executor;
    private static RunningGateway gateway;
    private static String owner;
    private static String reader;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        gateway = RunningGateway.start(
                TestPostgres.freshDatabase(),
                "sluice.executor.url=" + executor.url(),
                // Where Spring would believe anybody's headers.
                "spring.main.cloud-platform=kubernetes",
                "sluice.edge.trusted-proxies=203.0.113.0/24");
        owner = gateway.newOrganization("rude");
        reader = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"r\",\"permissions\":[\"workflows:read\"]}")
                .json()
                .path("key")
                .stringValue();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        executor.close();
    }

    @AfterEach
    void forget() {
        executor.seen.clear();
    }

    /** Each would be a start, or one's own keys, if somebody on the way read it in another manner than the gateway does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST //v1/workflows/a/b/runs",
                "POST /v1//workflows/a/b/runs",
                "POST /v1/./workflows/a/b/runs",
                "POST /v1/x/../workflows/a/b/runs",
                "POST /v1/x/%2e%2e/workflows/a/b/runs",
                "POST /v1/x/%2E%2E/workflows/a/b/runs",
                "POST /v1/workflows/a/b/runs/",
                "POST /v1/workflows/a/b/runs;x=1",
                "POST /v1;x/workflows/a/b/runs",
                "POST /v1/workflows/a/b%2Fruns",
                "POST /v1/workflows%2fa/b/runs",
                "POST /v1/workflows/a/b/%72uns",
                "POST /V1/workflows/a/b/runs",
                "POST /v1/workflows/a/b/runs%00",
                "POST /v1/workflows/a/b/runs%0d%0aX:1",
                "POST http://127.0.0.1/v1/workflows/a/b/runs",
                "GET /v1/workflows/../api-keys",
                "GET /v1/workflows/%2e%2e/api-keys",
                "GET /v1/api-keys;x",
                "GET /v1/api-keys%3b",
                "GET /%76%31/api-keys",
                "GET /assets/../v1/api-keys",
                "GET /assets/%2e%2e/v1/api-keys",
                "GET /v1/sessions;x",
            })
    void pathsGetNobodyFurther(String target) throws IOException {
        String answer = ask(target + " HTTP/1.1", "Authorization: Bearer " + reader);
        assertThat(answer).as(answer).matches("(?s)HTTP/1\\.1 (400|403|404|405) .*");
        assertThat(executor.seen).allMatch(seen -> seen.method().equals("GET"));
        String nobodys = ask(target + " HTTP/1.1");
        assertThat(nobodys).as(nobodys).matches("(?s)HTTP/1\\.1 (400|401|404|405) .*");
    }

    /** RFC 9112, sections 6.1 and 6.3: two who disagree about where a body ends read different requests. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2|Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked|Content-Length: 2",
                "Content-Length: 2|Content-Length: 3",
                "Content-Length: +2",
                "Content-Length: 2, 3",
                "Content-Length: -1",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked",
                "Content-Length : 2",
                "X-Folded: a| b: c|Content-Length : 2",
            })
    void bodiesWithTwoEndsAreRefused(String headers) throws IOException {
        String smuggled = "GET /v1/runs/smuggled HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + owner + "\r\n\r\n";
        try (RawClient client = new RawClient(gateway.port())) {
            client.send("POST /v1/workflows/a/b/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + owner + "\r\n" + headers.replace("|", "\r\n")
                    + "\r\n\r\n0\r\n\r\n" + smuggled);
            String answers = client.readUntil("\0");
            assertThat(answers).startsWith("HTTP/1.1 400 ");
            assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
        }
        assertThat(executor.seen).isEmpty();
    }

    @Test
    void headersThatSayWhereTheyComeFromAreNotBelievedOfJustAnybody() {
        for (String header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP")) {
            String value = header.equals("Forwarded") ? "for=198.51.100.7" : "198.51.100.7";
            assertThat(gateway.post(
                                    "/v1/endpoints",
                                    "{}",
                                    "Authorization",
                                    "Bearer " + reader,
                                    "Content-Type",
                                    "application/json",
                                    header,
                                    value)
                            .status())
                    .isEqualTo(403);
        }
        JsonNode entries = gateway.getAs(owner, "/v1/audit").json().path("items");
        assertThat(entries.valueStream().map(entry -> entry.path("address").stringValue()))
                .isNotEmpty()
                .containsOnly("127.0.0.1");
    }

    @Test
    void aHeaderOfAMegabyteIsRefused() throws IOException {
        try (RawClient client = new RawClient(gateway.port())) {
            try {
                client.send("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + "x".repeat(1 << 20)
                        + "\r\n\r\n");
            } catch (IOException e) {
                // It does not read to the end of it.
            }
            String answer = client.readUntil("\r\n\r\n");
            assertThat(answer)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).startsWith("HTTP/1.1 431 "),
                            text -> assertThat(text).startsWith("HTTP/1.1 413 "));
        }
        assertThat(gateway.getAs(owner, "/v1/events").status()).isEqualTo(200);
    }

    private static String ask(String line, String... headers) throws IOException {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(
                    line + "\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                            + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n{}");
            return client.readUntil("\0");
        }
    }
}
