package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway's own API, its page, and its management port. */
final class ApiIT {

    private static final String KEY = RunningGateway.PLATFORM_KEY;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void hidesOneOrganizationFromTheOther() {
        String other = gateway.newOrganization("other");
        var hook = gateway.newEndpoint("private", "generic-hmac");
        Answer accepted =
                gateway.post(hook.path(), "{}", "Content-Type", "application/json", "X-Signature-256", hook.sign("{}"));
        String event = "/v1/events/" + accepted.json().path("eventId").stringValue();
        assertThat(gateway.getAs(KEY, event).status()).isEqualTo(200);
        // It could be one that a run emitted, which nobody can say while no executor is there.
        Answer hidden = gateway.getAs(other, event);
        assertThat(hidden.status()).isEqualTo(503);
        assertThat(hidden.text()).doesNotContain("urn:sluice:endpoint", "\"data\"");
        assertThat(gateway.getAs(other, "/v1/events").json().path("items")).isEmpty();
        assertThat(gateway.getAs(other, "/v1/endpoints").json().path("items")).isEmpty();
        assertThat(gateway.getAs(other, "/v1/api-keys").json().path("items")).hasSize(1);
    }

    @Test
    void createsAKeyThatWorksAndListsItWithoutItsSecret() {
        Answer made = gateway.postAs(KEY, "/v1/api-keys", "{\"name\":\"ci\"}");
        String secret = made.json().path("key").stringValue();
        assertThat(secret).matches("sk_[A-Za-z0-9_-]{43}");
        Answer list = gateway.getAs(secret, "/v1/api-keys");
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.text()).contains("\"ci\"").doesNotContain(secret);
    }

    @Test
    void refusesAnUnknownKeyAndTwoKeys() {
        assertThat(gateway.getAs("sk_unknown", "/v1/events").status()).isEqualTo(401);
        assertThat(gateway.get("/v1/events", "Authorization", "Bearer " + KEY, "Authorization", "Bearer " + KEY)
                        .status())
                .isEqualTo(401);
        assertThat(gateway.get("/v1/events", "Authorization", "Basic " + KEY).status())
                .isEqualTo(401);
    }

    @Test
    void namesAllProblemsOfABody() {
        Answer refused = gateway.postAs(KEY, "/v1/endpoints", "{\"source\":\"x\",\"secret\":1,\"extra\":2}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors"))
                .extracting(error -> error.path("pointer").stringValue())
                .containsExactly("/name", "/source", "/secret", "/extra");
    }

    @Test
    void givesAReadySnippetAndRefusesTheSameNameTwice() {
        String body = "{\"name\":\"twice\",\"source\":\"github\"}";
        Answer made = gateway.postAs(KEY, "/v1/endpoints", body);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().path("snippet").stringValue())
                .contains("com.github.push")
                .contains("urn:sluice:endpoint:" + made.json().path("id").stringValue());
        assertThat(made.json().at("/schedule/on/one/with/source"))
                .isEqualTo(made.json().at("/event/source"));
        assertThat(gateway.postAs(KEY, "/v1/endpoints", body).status()).isEqualTo(409);
    }

    @Test
    void turnsPages() {
        String key = gateway.newOrganization("pages");
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.postAs(key, "/v1/api-keys", "{\"name\":\"k" + i + "\"}")
                            .status())
                    .isEqualTo(201);
        }
        Answer first = gateway.getAs(key, "/v1/api-keys?limit=3");
        assertThat(first.json().path("items")).hasSize(3);
        Answer last = gateway.getAs(
                key, "/v1/api-keys?limit=3&cursor=" + first.json().path("next").stringValue());
        assertThat(last.json().path("items")).hasSize(1);
        assertThat(last.json().path("next").isNull()).isTrue();
        assertThat(gateway.getAs(key, "/v1/api-keys?limit=0").status()).isEqualTo(400);
        assertThat(gateway.getAs(key, "/v1/api-keys?cursor=x").status()).isEqualTo(400);
    }

    @Test
    void answersUnknownPathsAndMethodsWithProblems() {
        Answer unknown = gateway.getAs(KEY, "/v1/nothing");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.header("content-type")).isEqualTo("application/problem+json");
        assertThat(unknown.header("x-request-id")).isNotEmpty();
        Answer wrong = gateway.send(gateway.request("/v1/api-keys").DELETE(), "Authorization", "Bearer " + KEY);
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.header("allow")).contains("POST").contains("GET");
    }

    @Test
    void showsThePageWithAStrictPolicy() {
        Answer page = gateway.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page.text())
                .contains("/assets/page.js")
                .doesNotContain("<script>")
                .doesNotContain(" style=");
        assertThat(gateway.get("/assets/page.js").status()).isEqualTo(200);
        assertThat(gateway.get("/assets/page.css").status()).isEqualTo(200);
    }

    @Test
    void tellsWhereACallerStands() {
        Answer answer = gateway.getAs(KEY, "/v1/events");
        assertThat(answer.header("ratelimit-policy")).isEqualTo("\"key\";q=10000;w=2, \"organization\";q=10000;w=2");
        assertThat(answer.header("ratelimit")).matches("\"key\";r=\\d+;t=\\d+, \"organization\";r=\\d+;t=\\d+");
    }

    @Test
    void answersHealthAndMetricsOnTheManagementPortOnly() {
        assertThat(management("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(management("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(management("/actuator/prometheus").text()).contains("jvm_memory_used_bytes");
        assertThat(management("/actuator/env").status()).isEqualTo(404);
        assertThat(management("/actuator/gateway/routes").status()).isEqualTo(404);
        assertThat(management("/v1/api-keys").status()).isIn(401, 404);
        assertThat(management("/v1/runs").status()).isIn(401, 404);
        assertThat(gateway.getAs(KEY, "/actuator/health").status()).isEqualTo(404);
    }

    /** On a connection of its own, as a probe asks. */
    private static Answer management(String path) {
        URI address = URI.create("http://127.0.0.1:" + gateway.managementPort() + path);
        return gateway.sendAlone(HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)));
    }
}
