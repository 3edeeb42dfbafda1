package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.tenancy.Principal;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What passes between a client and an executor. */
final class RoutingIT {

    private static final String KEY = RunningGateway.PLATFORM_KEY;
    private static final String BEARER = "Bearer " + KEY;
    private static ScriptedExecutor executor;
    private static RunningGateway gateway;

    /** Stopped with the other one, since one that stops takes the connections of both with it. */
    private static RunningGateway impatient;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        gateway = RunningGateway.start("sluice.executor.url=" + executor.url(), "sluice.routing.max-body=64KB");
        impatient =
                RunningGateway.start("sluice.executor.url=" + executor.url(), "sluice.executor.response-timeout=1s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        impatient.close();
        executor.close();
    }

    @AfterEach
    void forget() {
        executor.seen.clear();
    }

    @Test
    void replacesWhatTheClientSaysItIs() {
        Answer answer = gateway.get(
                "/v1/runs?limit=5&workflow=a%2Fb",
                "Authorization", BEARER, "Sluice-Identity", "forged", "sluice-identity", "forged too");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var seen = executor.seen.remove();
        assertThat(seen.target()).isEqualTo("/v1/runs?limit=5&workflow=a%2Fb");
        assertThat(seen.authorizations()).isEmpty();
        assertThat(seen.identities()).hasSize(1);
        assertThat(seen.version()).contains("2");
        var principal = new IdentityAssertion(
                        RunningGateway.ASSERTION_KEY, gateway.context().getBean(Clock.class))
                .verify(seen.identities().getFirst(), seen.method(), seen.target())
                .orElseThrow();
        assertThat(principal.scope()).isEqualTo(Principal.Scope.PLATFORM);
    }

    @Test
    void passesOnWhatIsAskedOfRuns() {
        for (String path : List.of("/v1/runs:retry", "/v1/runs/1:suspend", "/v1/runs/1:rerun")) {
            assertThat(gateway.post(path, "{}", "Authorization", BEARER).status())
                    .as(path)
                    .isEqualTo(200);
            assertThat(executor.seen.remove().target()).isEqualTo(path);
        }
    }

    @Test
    void showsItsOwnPressureWithThatOfAnExecutor() {
        Answer answer = gateway.get("/v1/pressure", "Authorization", BEARER);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode own = answer.json().path("nodes").get(0);
        assertThat(own.path("service").asString()).isEqualTo("gateway");
        assertThat(own.path("complete").asBoolean()).isTrue();
        assertThat(own.path("bounds")
                        .valueStream()
                        .map(bound -> bound.path("name").asString()))
                .contains(
                        "exchanges",
                        "ingress.buffered-bytes",
                        "commit.events",
                        "ingress.unpublished",
                        "database.sluice_api");
        assertThat(answer.json().path("nodes").get(1).path("length").asInt()).isZero();
        assertThat(executor.seen.remove().target()).isEqualTo("/v1/pressure");
    }

    @Test
    void refusesARequestWithoutAKeyBeforeItReachesAnExecutor() {
        Answer answer = gateway.get("/v1/runs");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(executor.seen).isEmpty();
    }

    @Test
    void passesEachEventOnAsItComesAndCancelsUpstreamWhenTheClientGoes() throws Exception {
        String events = "/v1/runs/left/events";
        HttpRequest request =
                gateway.request(events).header("Authorization", BEARER).build();
        var response = gateway.client()
                .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": open");
            assertThat(lines.readLine()).isEmpty();
            for (int i = 0; i < 3; i++) {
                executor.emit("event " + i);
                assertThat(lines.readLine()).isEqualTo("data: event %d", i);
                assertThat(lines.readLine()).isEmpty();
            }
        }
        People.awaitSoon(() -> executor.cancelled.contains(events));
    }

    @Test
    void passesAnExecutorsProblemThrough() {
        Answer answer = gateway.getAs(KEY, "/v1/runs/problem");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void answers504WhenAnExecutorHangs() {
        Answer answer = impatient.getAs(KEY, "/v1/runs/hang");
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:gateway-timeout");
        assertThat(answer.header("retry-after")).isNotEmpty();
    }

    @Test
    void answers502WhenTheConnectionBreaks() {
        Answer answer = gateway.getAs(KEY, "/v1/runs/reset");
        assertThat(answer.status()).as(answer.text()).isEqualTo(502);
        assertThat(answer.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:bad-gateway");
    }

    @Test
    void passesABodyOnAndRefusesOneOverTheBound() {
        assertThat(post("x".repeat(64 * 1024)).json().path("length").intValue()).isEqualTo(64 * 1024);
        assertThat(post("x".repeat(64 * 1024 + 1)).status()).isEqualTo(413);
    }

    @Test
    void refusesAStreamedBodyOverTheBound() {
        byte[] body = new byte[1024 * 1024];
        Answer answer = gateway.send(
                gateway.request("/v1/workflows")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))),
                "Authorization",
                BEARER);
        assertThat(answer.status()).as(answer.text()).isEqualTo(413);
    }

    @Test
    void asksTheExecutorWhatBecameOfAnEvent() {
        var hook = gateway.newEndpoint("hook " + UUID.randomUUID(), "generic-hmac");
        Answer accepted =
                gateway.post(hook.path(), "{}", "Content-Type", "application/json", "X-Signature-256", hook.sign("{}"));
        String id = accepted.json().path("eventId").stringValue();
        Answer event = gateway.getAs(KEY, "/v1/events/" + id);
        assertThat(event.json().path("received").booleanValue()).isTrue();
        var seen = executor.seen.remove();
        assertThat(new IdentityAssertion(
                                RunningGateway.ASSERTION_KEY, gateway.context().getBean(Clock.class))
                        .verify(seen.identities().getFirst(), "GET", "/v1/events/" + id + "/runs"))
                .isPresent();
    }

    @Test
    void showsAnEventThatARunEmitted() {
        Answer event = gateway.getAs(KEY, "/v1/events/" + ScriptedExecutor.EMITTED);
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.text())
                .startsWith(
                        "{\"id\":\"" + ScriptedExecutor.EMITTED + "\",\"type\":\"t\",\"source\":\"/a/b\",\"time\":\"")
                .endsWith(",\"data\":5,\"received\":true,\"workflows\":[]}");
        executor.seen.remove();
    }

    @Test
    void knowsNoEventThatNoExecutorKnows() {
        assertThat(gateway.getAs(KEY, "/v1/events/" + ScriptedExecutor.UNKNOWN).status())
                .isEqualTo(404);
        executor.seen.remove();
    }

    private static Answer post(String body) {
        return gateway.post("/v1/workflows", body, "Authorization", BEARER, "Content-Type", "application/yaml");
    }
}
