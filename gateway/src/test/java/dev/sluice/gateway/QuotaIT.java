package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Quotas over HTTP, on two gateways with one database; the second one has no Redis. */
@Timeout(180)
final class QuotaIT {

    private static final String PLATFORM = RunningGateway.PLATFORM_KEY;

    private static ScriptedExecutor executor;
    private static RunningGateway gateway;
    private static RunningGateway other;
    private static Sql sql;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        PostgresSettings database = TestPostgres.freshDatabase();
        String url = "sluice.executor.url=" + executor.url();
        gateway = RunningGateway.start(
                database,
                url,
                "sluice.admission.routes[0].route=GET /v1/plans",
                "sluice.admission.routes[0].rate=0.001",
                "sluice.admission.routes[0].burst=2");
        other = RunningGateway.start(database, url, "sluice.redis.url=redis://127.0.0.1:1");
        sql = new Sql(database);
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
        executor.close();
    }

    /** An organization with a key of its owner's. */
    private record Tenant(String id, String key) {

        static Tenant of(String name) {
            JsonNode made = gateway.postAs(PLATFORM, "/v1/organizations", "{\"name\":\"" + name + "\"}")
                    .json();
            return new Tenant(
                    made.path("id").stringValue(), made.at("/apiKey/key").stringValue());
        }

        String path() {
            return "/v1/organizations/" + id + "/quotas";
        }

        Answer put(RunningGateway at, String body) {
            return QuotaIT.put(at, PLATFORM, path(), body);
        }

        Answer start(RunningGateway at, String what) {
            return at.postAs(key, "/v1/workflows/" + what + "/runs", "{}");
        }

        Hook hook() {
            JsonNode made = gateway.postAs(key, "/v1/endpoints", "{\"name\":\"h\",\"source\":\"generic-hmac\"}")
                    .json();
            String url = made.path("url").stringValue();
            return new Hook(
                    url.substring(url.indexOf("/hooks/")),
                    made.path("secret").stringValue(),
                    made.path("id").stringValue());
        }

        JsonNode quota(String of, String period) {
            return StreamSupport.stream(
                            gateway.getAs(key, "/v1/quotas")
                                    .json()
                                    .path("quotas")
                                    .spliterator(),
                            false)
                    .filter(quota -> quota.path("of").stringValue().equals(of)
                            && quota.path("period").stringValue().equals(period))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Answer put(RunningGateway at, String key, String path, String body) {
        return at.send(
                at.request(path).PUT(HttpRequest.BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");
    }

    private static Answer deliver(RunningGateway at, Hook hook, String key) {
        return at.post(
                hook.path(),
                "{}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key,
                "X-Signature-256",
                hook.sign("{}"));
    }

    @Test
    void countDeliveriesOnceAndRefuseTheRestOnAllGateways() {
        Tenant tenant = Tenant.of("events");
        Hook hook = tenant.hook();
        assertThat(tenant.put(gateway, "{\"exceptions\":{\"events\":{\"day\":3}}}")
                        .status())
                .isEqualTo(200);
        People.awaitSoon(() -> deliver(other, hook, "1").header("ratelimit").contains("events-day"));
        assertThat(deliver(gateway, hook, "1").json().path("duplicate").booleanValue())
                .isTrue();
        assertThat(gateway.post(hook.path(), "{}", "Content-Type", "application/json", "X-Signature-256", "sha256=0")
                        .status())
                .isEqualTo(401);
        Answer second = deliver(gateway, hook, "2");
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("ratelimit-policy")).isEqualTo("\"events-day\";q=3;w=86400");
        assertThat(second.header("ratelimit")).startsWith("\"events-day\";r=1;t=");
        TestRedis.flush();
        assertThat(deliver(other, hook, "3").status()).isEqualTo(202);

        Answer refused = deliver(gateway, hook, "4");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:quota-exceeded");
        assertThat(refused.json().at("/quota/of").stringValue()).isEqualTo("events");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 86_400);
        assertThat(deliver(other, hook, "5").status()).isEqualTo(429);
        // Within a second they all have told what they used.
        People.await(() -> tenant.quota("events", "day").path("used").intValue() == 3);
        assertThat(tenant.quota("events", "day").path("remaining").intValue()).isZero();
        assertThat(tenant.quota("runs", "day").path("allowance").isNull()).isTrue();
        assertThat(sql.count("ingress.event", "organization_id = '" + tenant.id + "'"))
                .isEqualTo(3);

        assertThat(tenant.put(other, "{\"exceptions\":{\"events\":{\"day\":4}}}")
                        .status())
                .isEqualTo(200);
        People.awaitSoon(() -> deliver(gateway, hook, "6").status() == 202);
        assertThat(deliver(other, hook, "7").status()).isEqualTo(429);
    }

    @Test
    void countTheRunsThatWereStartedWhateverTheAnswerIs() {
        Tenant tenant = Tenant.of("runs");
        assertThat(tenant.put(gateway, "{\"exceptions\":{\"runs\":{\"month\":3}}}")
                        .status())
                .isEqualTo(200);
        People.awaitSoon(() -> !tenant.start(gateway, "repeated/202")
                .header("ratelimit-policy")
                .isEmpty());
        for (String what : List.of("repeated/202", "status-404/x", "status-503/x", "repeated/422")) {
            assertThat(tenant.start(gateway, what).header("sluice-start")).isEmpty();
        }
        assertThat(tenant.start(gateway, "started/202").status()).isEqualTo(202);
        assertThat(tenant.start(other, "started/422").status())
                .as("it was waited for, and failed")
                .isEqualTo(422);
        assertThat(tenant.start(other, "x/y").status())
                .as("an executor that says nothing")
                .isEqualTo(200);

        Answer refused = tenant.start(gateway, "started/202");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().at("/quota/period").stringValue()).isEqualTo("month");
        assertThat(refused.header("ratelimit")).isNotEmpty();
        assertThat(refused.response().headers().allValues("ratelimit"))
                .anyMatch(value -> value.startsWith("\"runs-month\";r=0;t="));
        // Within a second they all have told what they used.
        People.await(() -> tenant.quota("runs", "month").path("used").intValue() == 3);
        assertThat(gateway.getAs(tenant.key, "/v1/runs").status())
                .as("that is no start")
                .isEqualTo(200);
    }

    @Test
    void countReportsOfTokensOnceAndSayWhatRemains() {
        Tenant tenant = Tenant.of("tokens");
        assertThat(put(gateway, PLATFORM, "/v1/plans/tokens", """
                {"allowances":{"tokens":{"day":1000},"credits":{"month":9}},"costs":{"tokens":0.01}}""").status()).isEqualTo(200);
        Answer set = tenant.put(gateway, "{\"plan\":\"tokens\"}");
        assertThat(set.json().path("plan").stringValue()).isEqualTo("tokens");

        Answer first = report(gateway, tenant.key, "{\"tokens\":400}", "a");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().at("/remaining/1/of").stringValue()).isEqualTo("credits");
        assertThat(first.json().at("/remaining/1/remaining").intValue()).isEqualTo(5);
        assertThat(first.json().at("/remaining/0/remaining").intValue()).isEqualTo(600);
        Answer again = report(other, tenant.key, "{\"tokens\":400}", "a");
        assertThat(again.json().path("repeated").booleanValue()).isTrue();
        assertThat(again.json().at("/remaining/0/remaining").intValue()).isEqualTo(600);
        assertThat(report(other, tenant.key, "{\"tokens\":401}", "a").status()).isEqualTo(422);

        Answer refused = report(other, tenant.key, "{\"tokens\":501}", "b");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().at("/quota/of").stringValue()).isEqualTo("credits");
        assertThat(report(other, tenant.key, "{\"tokens\":500}", "b").status())
                .as("what was refused was not counted, and its key is free")
                .isEqualTo(200);
        assertThat(report(gateway, tenant.key, "{\"tokens\":1}", "").status()).isEqualTo(429);
        assertThat(report(gateway, tenant.key, "{\"tokens\":400}", "a").status())
                .as("a repetition is answered all the same")
                .isEqualTo(200);
        assertThat(tenant.quota("tokens", "day").path("used").intValue()).isEqualTo(900);
        for (String wrong : List.of("{}", "{\"tokens\":0}", "{\"tokens\":1.5}", "{\"tokens\":\"1\"}", "[]")) {
            assertThat(report(gateway, tenant.key, wrong, "").status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    private static Answer report(RunningGateway at, String key, String body, String idempotency) {
        return idempotency.isEmpty()
                ? at.postAs(key, "/v1/usage", body)
                : at.post(
                        "/v1/usage",
                        body,
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json",
                        "Idempotency-Key",
                        idempotency);
    }

    @Test
    void areSetByThePlatformAndSeenFromAbove() {
        Tenant tenant = Tenant.of("set");
        Tenant stranger = Tenant.of("stranger");
        JsonNode below = gateway.postAs(
                        PLATFORM, "/v1/organizations", "{\"name\":\"below\",\"parent\":\"" + tenant.id + "\"}")
                .json();
        String child = "/v1/organizations/" + below.path("id").stringValue() + "/quotas";

        assertThat(put(gateway, tenant.key, tenant.path(), "{}").status()).isEqualTo(403);
        assertThat(put(gateway, tenant.key, child, "{}").status()).isEqualTo(403);
        assertThat(put(gateway, stranger.key, tenant.path(), "{}").status()).isEqualTo(404);
        assertThat(gateway.getAs(tenant.key, child).status()).isEqualTo(200);
        assertThat(gateway.getAs(stranger.key, child).status()).isEqualTo(404);
        assertThat(gateway.getAs(PLATFORM, tenant.path()).status()).isEqualTo(200);
        assertThat(put(gateway, tenant.key, "/v1/plans/mine", "{}").status()).isEqualTo(403);
        assertThat(tenant.put(gateway, "{\"plan\":\"missing\"}").status()).isEqualTo(400);
        for (String wrong : List.of(
                "{\"plan\":\"No\"}",
                "{\"exceptions\":{\"runs\":{\"day\":-1}}}",
                "{\"exceptions\":{\"runs\":{\"day\":1.5}}}",
                "{\"exceptions\":{\"runs\":{\"day\":1e999999999}}}",
                "{\"exceptions\":{\"credits\":{\"day\":1}}}",
                "{\"exceptions\":{\"moons\":{}}}")) {
            assertThat(tenant.put(gateway, wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(put(gateway, PLATFORM, "/v1/plans/small", "{\"costs\":{\"runs\":0.0000001}}")
                        .status())
                .isEqualTo(400);
        assertThat(put(gateway, PLATFORM, "/v1/plans/small", "{\"allowances\":{\"runs\":{\"day\":1}}}")
                        .status())
                .isEqualTo(200);
        assertThat(tenant.put(gateway, "{\"plan\":\"small\"}").status()).isEqualTo(200);
        assertThat(delete("/v1/plans/small").status()).as("somebody has it").isEqualTo(409);
        assertThat(tenant.put(gateway, "{}").status()).isEqualTo(200);
        assertThat(delete("/v1/plans/small").status()).isEqualTo(204);
        assertThat(delete("/v1/plans/small").status()).isEqualTo(404);
        assertThat(gateway.getAs(tenant.key, "/v1/audit?action=quota.put")
                        .json()
                        .path("items"))
                .hasSize(2);
        assertThat(gateway.getAs(PLATFORM, "/v1/audit?action=plan.delete")
                        .json()
                        .at("/items/0/subject")
                        .stringValue())
                .isEqualTo("plan:small");
    }

    @Test
    void limitSingleRoutesOfTheApi() {
        Answer first = other.getAs(PLATFORM, "/v1/plans");
        assertThat(first.status()).as("the other gateway has no such limit").isEqualTo(200);
        assertThat(gateway.getAs(PLATFORM, "/v1/plans").response().headers().allValues("ratelimit-policy"))
                .contains("\"operation\";q=2;w=2000");
        assertThat(gateway.getAs(PLATFORM, "/v1/plans").status()).isEqualTo(200);
        Answer refused = gateway.getAs(PLATFORM, "/v1/plans");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:rate-limited");
        assertThat(put(gateway, PLATFORM, "/v1/plans/another", "{}").status())
                .as("of that route only")
                .isEqualTo(200);
    }

    private static Answer delete(String path) {
        return gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + PLATFORM);
    }
}
