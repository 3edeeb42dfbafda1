package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The end of organizations, with two gateways on one database. */
final class DeletionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String ORGANIZATION = "/v1/organizations/";

    private static ScriptedExecutor executor;
    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static Sql sql;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database, "sluice.executor.url=" + executor.url());
        neighbour = RunningGateway.start(database, "sluice.executor.url=" + executor.url());
        sql = new Sql(database);
    }

    @AfterAll
    static void stop() {
        neighbour.close();
        gateway.close();
        executor.close();
    }

    @BeforeEach
    void reset() {
        executor.erasuresFail = false;
    }

    @Test
    void closesEveryDoorOnAllGatewaysAndOpensThemAgain() {
        Tenant tenant = tenant("kept");
        Hook hook = tenant.endpoint();
        assertThat(tenant.deliver(neighbour, hook).status()).isEqualTo(202);
        assertThat(neighbour.getAs(tenant.key, "/v1/api-keys").status()).isEqualTo(200);

        Answer asked = tenant.delete("kept");

        assertThat(asked.status()).isEqualTo(202);
        People.awaitSoon(() -> neighbour.getAs(tenant.key, "/v1/api-keys").status() == 401
                && gateway.getAs(tenant.key, "/v1/api-keys").status() == 401
                && tenant.deliver(neighbour, hook).status() == 404
                && tenant.deliver(gateway, hook).status() == 404);
        assertThat(neighbour.getAs(tenant.key, "/v1/api-keys").text()).contains("closed");
        People.awaitSoon(
                () -> executor.seen.stream().anyMatch(seen -> seen.target().equals("/v1/erasure:hold")));
        assertThat(listed()).contains(tenant.id);

        String token = "{\"token\":\"" + asked.json().path("token").stringValue() + "\"}";
        String[] json = {"Content-Type", "application/json"};
        assertThat(neighbour.post("/v1/organizations:keep", token, json).status())
                .isEqualTo(202);
        assertThat(neighbour.post("/v1/organizations:keep", token, json).status())
                .isEqualTo(404);
        People.await(() -> gateway.getAs(tenant.key, "/v1/api-keys").status() == 200
                && tenant.deliver(neighbour, hook).status() == 202);
        assertThat(executor.seen).anyMatch(seen -> seen.target().equals("/v1/erasure:release"));
        assertThat(listed()).doesNotContain(tenant.id);
        assertThat(sql.count("identity.deletion", "organization_id = '" + tenant.id + "'"))
                .isZero();
        assertThat(gateway.getAs(tenant.key, "/v1/audit/verification")
                        .json()
                        .path("intact")
                        .asBoolean())
                .isTrue();
    }

    /** Nobody else would go on with it until the time of the step were over. */
    @Test
    void isKeptSoonAlsoWhenAStepWasUnderWay() {
        Tenant tenant = tenant("kept in a step");
        assertThat(tenant.delete("kept in a step").status()).isEqualTo(202);
        sql.run("update identity.deletion set phase = 'reopening', claimed_until = now() + interval '1 hour'"
                + " where organization_id = '" + tenant.id + "'");
        sql.run("select identity.end_step('" + tenant.id + "', 'waiting', 'waiting', false, null)");
        People.await(() -> gateway.getAs(tenant.key, "/v1/api-keys").status() == 200);
    }

    @Test
    void deletesEverythingOfItAndNothingOfAnother() {
        Tenant stays = tenant("stays");
        stays.endpoint();
        List<String> tables = sql.column(Sql.TENANT_TABLES);
        Tenant tenant = tenant("goes");
        tenant.fill();
        assertThat(tables).hasSizeGreaterThan(12);
        // What is told outside leaves the outbox by itself.
        List<String> lasting =
                tables.stream().filter(table -> !table.equals("audit.outbox")).toList();
        long before = lasting.stream().mapToLong(stays::rows).sum();
        JsonNode last = gateway.getAs(tenant.key, "/v1/audit").json().at("/items/0");

        tenant.delete("goes");
        executor.erasuresFail = true;
        tenant.comeDue();
        People.await(PATIENCE, () -> phase(tenant.id).equals("executor"));
        // An event that was on its way all the time: its gateway was paused after it had looked at the endpoint.
        sql.run("insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)"
                + " values (gen_random_uuid(), '" + tenant.id
                + "', gen_random_uuid(), 's', 't', now(), 'application/json', '{}')");
        executor.erasuresFail = false;
        sql.run("update identity.deletion set claimed_until = null");
        tenant.awaitGone();

        for (String table : tables) {
            assertThat(tenant.rows(table)).as(table).isZero();
        }
        assertThat(sql.count("identity.organization", "id = '" + tenant.id + "'"))
                .isZero();
        assertThat(sql.column("select email from identity.person where email like '%@goes.example'"))
                .containsExactly("both@goes.example");
        assertThat(lasting.stream().mapToLong(stays::rows).sum()).isEqualTo(before);
        assertThat(gateway.getAs(stays.key, "/v1/endpoints").json().path("items"))
                .hasSize(1);

        List<JsonNode> certificates = certificates(tenant.id);
        assertThat(certificates).hasSize(1);
        JsonNode detail = certificates.getFirst().path("detail");
        assertThat(detail.at("/rows/ingress.event").asInt()).isEqualTo(2);
        assertThat(detail.at("/rows/identity.person").asInt()).isEqualTo(1);
        assertThat(detail.at("/rows/workflow.run").asInt()).isEqualTo(3);
        assertThat(detail.at("/audit/entries").asInt())
                .isEqualTo(last.path("number").asInt() + 1);
        assertThat(detail.at("/audit/head").asString()).hasSize(64);
        assertThat(redis(tenant.id)).isEmpty();
        assertThat(gateway.getAs(tenant.key, "/v1/api-keys").status()).isEqualTo(401);
        assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/audit/verification")
                        .json()
                        .path("intact")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void goesOnAfterACrashAndAnOutageOfTheExecutors() {
        Tenant tenant = tenant("crash");
        tenant.fill();
        executor.erasuresFail = true;
        tenant.delete("crash");
        tenant.comeDue();
        People.await(PATIENCE, () -> phase(tenant.id).equals("executor"));
        assertThat(tenant.rows("ingress.event")).isZero();
        assertThat(certificates(tenant.id)).isEmpty();
        // A gateway that died with its step leaves its claim behind, which ends.
        sql.run("update identity.deletion set claimed_until = now() + interval '3 seconds' where organization_id = '"
                + tenant.id + "'");
        executor.erasuresFail = false;
        tenant.awaitGone();
        assertThat(certificates(tenant.id)).hasSize(1);
    }

    @Test
    void refusesWhatMustStay() {
        Tenant parent = tenant("parent");
        JsonNode child = gateway.postAs(
                        RunningGateway.PLATFORM_KEY,
                        "/v1/organizations",
                        "{\"name\":\"child\",\"parent\":\"" + parent.id + "\"}")
                .json();
        Tenant below = new Tenant(
                child.path("id").stringValue(), child.at("/apiKey/key").stringValue());
        assertThat(parent.delete("other").status()).isEqualTo(400);
        assertThat(parent.delete("parent").status()).as("one is below").isEqualTo(409);
        assertThat(gateway.postAs(below.key, ORGANIZATION + parent.id + ":delete", "{\"name\":\"parent\"}")
                        .status())
                .isEqualTo(404);
        String platform = gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/organizations")
                .json()
                .path("items")
                .valueStream()
                .filter(each -> each.path("name").asString().equals("default"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .stringValue();
        assertThat(gateway.postAs(
                                RunningGateway.PLATFORM_KEY,
                                ORGANIZATION + platform + ":delete",
                                "{\"name\":\"default\"}")
                        .status())
                .isEqualTo(409);
        assertThat(gateway.postAs(below.key, ORGANIZATION + below.id + ":keep", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(gateway.getAs(below.key, "/v1/deletions").status()).isEqualTo(403);

        assertThat(below.delete("child").status()).isEqualTo(202);
        assertThat(gateway.postAs(
                                RunningGateway.PLATFORM_KEY,
                                "/v1/organizations",
                                "{\"name\":\"grandchild\",\"parent\":\"" + below.id + "\"}")
                        .status())
                .as("nothing is made below what is closed")
                .isEqualTo(409);
        below.comeDue();
        below.awaitGone();
        assertThat(gateway.getAs(parent.key, "/v1/audit?action=organization.erase")
                        .json()
                        .path("items"))
                .as("the certificate is the parent's")
                .hasSize(1);
        assertThat(parent.delete("parent").status()).isEqualTo(202);
        assertThat(gateway.postAs(RunningGateway.PLATFORM_KEY, ORGANIZATION + parent.id + ":keep", "{}")
                        .status())
                .isEqualTo(202);
        People.await(() -> gateway.getAs(parent.key, "/v1/api-keys").status() == 200);
    }

    @Test
    void letsOneOfManyWhoCallItOffAndWhoComeDueWin() throws Exception {
        Tenant tenant = tenant("race");
        String token = tenant.delete("race").json().path("token").stringValue();
        tenant.comeDue();
        List<Integer> answers = People.atOnce(
                6,
                i -> (i % 2 == 0 ? gateway : neighbour)
                        .post(
                                "/v1/organizations:keep",
                                "{\"token\":\"" + token + "\"}",
                                "Content-Type",
                                "application/json")
                        .status());
        long kept = answers.stream().filter(status -> status == 202).count();
        assertThat(answers).allMatch(status -> status == 202 || status == 404);
        assertThat(kept).isLessThanOrEqualTo(1);
        if (kept == 1) {
            People.await(() -> gateway.getAs(tenant.key, "/v1/api-keys").status() == 200);
        } else {
            tenant.awaitGone();
        }
    }

    private static List<String> listed() {
        return gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/deletions?limit=200")
                .json()
                .path("items")
                .valueStream()
                .map(each -> each.path("organization").stringValue())
                .toList();
    }

    private static String phase(String id) {
        List<String> phases = sql.column("select phase from identity.deletion where organization_id = '" + id + "'");
        return phases.isEmpty() ? "" : phases.getFirst();
    }

    private static List<JsonNode> certificates(String id) {
        return gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/audit?action=organization.erase&limit=200")
                .json()
                .path("items")
                .valueStream()
                .filter(each -> each.path("subject").stringValue().equals("organization:" + id))
                .toList();
    }

    /** Keys and entries of the stream of changes that are this organization's. */
    private static List<String> redis(String id) {
        RedisClient client = RedisClient.create(RedisURI.create(TestRedis.url()));
        try (var connection = client.connect()) {
            var commands = connection.sync();
            List<String> found = new ArrayList<>(commands.keys("*" + id + "*"));
            commands.xrange("sluice:changes", Range.unbounded()).stream()
                    .filter(entry -> id.equals(entry.getBody().get("organization")))
                    .forEach(entry -> found.add(entry.getId()));
            commands.smembers("sluice:active").stream().filter(id::equals).forEach(found::add);
            return found;
        } finally {
            client.shutdown();
        }
    }

    private static Tenant tenant(String name) {
        JsonNode made = gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"" + name + "\"}")
                .json();
        return new Tenant(made.path("id").stringValue(), made.at("/apiKey/key").stringValue());
    }

    private record Tenant(String id, String key) {

        @CanIgnoreReturnValue
        Hook endpoint() {
            JsonNode made = gateway.postAs(key, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"generic-hmac\"}")
                    .json();
            String url = made.path("url").stringValue();
            return new Hook(
                    url.substring(url.indexOf("/hooks/")),
                    made.path("secret").stringValue(),
                    made.path("id").stringValue());
        }

        Answer deliver(RunningGateway at, Hook hook) {
            return at.deliver(hook);
        }

        /** Something of everything: two people, of whom one belongs elsewhere too, keys, a role, an event. */
        void fill() {
            People people = new People(gateway, neighbour);
            assertThat(people.member(key, "one@goes.example", "viewer")).isNotEmpty();
            if (sql.count("identity.person", "email = 'both@goes.example'") == 0) {
                assertThat(people.member(key, "both@goes.example", "owner")).isNotEmpty();
                String token = people.invite(RunningGateway.PLATFORM_KEY, "both@goes.example", "viewer");
                assertThat(people.accept(token, "Both").status()).isEqualTo(201);
            }
            assertThat(people.invite(key, "invited@goes.example", "viewer")).isNotEmpty();
            assertThat(people.put(key, "/v1/roles/own", "{\"permissions\":[]}").status())
                    .isEqualTo(200);
            String first =
                    gateway.getAs(key, "/v1/api-keys").json().at("/items/0/id").stringValue();
            assertThat(gateway.postAs(key, "/v1/api-keys", "{\"name\":\"b\",\"role\":\"viewer\"}")
                            .status())
                    .isEqualTo(201);
            assertThat(first).isNotEmpty();
            Hook hook = endpoint();
            assertThat(gateway.post(
                                    hook.path(),
                                    "{}",
                                    "Content-Type",
                                    "application/json",
                                    "Idempotency-Key",
                                    "1",
                                    "X-Signature-256",
                                    hook.sign("{}"))
                            .status())
                    .isEqualTo(202);
        }

        @CanIgnoreReturnValue
        Answer delete(String name) {
            return gateway.postAs(
                    key,
                    ORGANIZATION + id + ":delete",
                    Json.object().put("name", name).toString());
        }

        void comeDue() {
            sql.run("update identity.deletion set due_at = now() where organization_id = '" + id + "'");
        }

        void awaitGone() {
            People.await(PATIENCE, () -> sql.count("identity.tombstone", "id = '" + id + "'") == 1);
        }

        long rows(String table) {
            return sql.count(table, "organization_id = '" + id + "'");
        }
    }
}
