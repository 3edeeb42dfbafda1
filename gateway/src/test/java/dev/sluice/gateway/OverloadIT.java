package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Callers that take more than their share. */
@Timeout(60)
final class OverloadIT {

    private static final String KEY = RunningGateway.PLATFORM_KEY;
    private static ScriptedExecutor executor;
    private static RunningGateway gateway;
    private static Hook hook;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        gateway = RunningGateway.start(
                "sluice.executor.url=" + executor.url(),
                "sluice.admission.max-exchanges=2",
                "sluice.edge.body-timeout=3s");
        hook = gateway.newEndpoint("hook", "generic-hmac");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        executor.close();
    }

    @Test
    void givesOneOrganizationItsShareOfTheExecutorsAndTheRestToOthers() throws Exception {
        String other = gateway.newOrganization("other");
        try (InputStream first = stream(KEY);
                InputStream second = stream(KEY)) {
            Answer refused = gateway.getAs(KEY, "/v1/runs");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(gateway.getAs(other, "/v1/runs").status()).isEqualTo(200);
            assertThat(first.read()).isEqualTo(second.read());
        }
        Answer after = RunningGateway.eventually(() -> gateway.getAs(KEY, "/v1/runs"), 200);
        assertThat(after.status()).as("after both clients went").isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/workflows", "/v1/api-keys", "/hooks/"})
    void answers408WhenABodyTrickles(String path) throws Exception {
        String target = path.equals("/hooks/") ? hook.path() : path;
        try (RawClient client = new RawClient(gateway.port())) {
            client.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + KEY
                    + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 408 ")
                    .containsIgnoringCase("Content-Type: application/problem+json");
            assertThat(client.trickleUntilClosed(' ')).isTrue();
        }
    }

    @Test
    void doesNotCutAnEventStreamByTheTimesForRequests() throws Exception {
        try (InputStream stream = stream(gateway.newOrganization("patient"))) {
            assertThat(stream.readNBytes(8)).asString().isEqualTo(": open\n\n");
            assertThat(Mono.delay(Duration.ofSeconds(5)).block(RunningGateway.DEADLINE))
                    .isZero();
            executor.emit("late");
            assertThat(stream.readNBytes(12)).asString().isEqualTo("data: late\n\n");
        }
    }

    @Test
    void endsAnEventStreamWhenItsKeyIsTakenBackOrOver() throws Exception {
        String owner = gateway.newOrganization("streaming");
        Answer made = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"s\",\"role\":\"viewer\"}");
        String end = gateway.now().plusSeconds(6).toString();
        Answer brief = gateway.postAs(
                owner, "/v1/api-keys", "{\"name\":\"b\",\"role\":\"viewer\",\"expiresAt\":\"" + end + "\"}");
        try (InputStream taken = stream(made.json().path("key").stringValue());
                InputStream over = stream(brief.json().path("key").stringValue())) {
            assertThat(taken.readNBytes(8)).asString().isEqualTo(": open\n\n");
            assertThat(over.readNBytes(8)).asString().isEqualTo(": open\n\n");
            String path = "/v1/api-keys/" + made.json().path("id").stringValue();
            assertThat(gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + owner)
                            .status())
                    .isEqualTo(204);
            assertThat(taken.read()).isEqualTo(-1);
            assertThat(over.read()).isEqualTo(-1);
        }
    }

    /** An event stream of which the headers have come. */
    private static InputStream stream(String key) throws Exception {
        HttpRequest request = gateway.request("/v1/runs/x/events")
                .header("Authorization", "Bearer " + key)
                .build();
        return gateway.client()
                .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .body();
    }
}
