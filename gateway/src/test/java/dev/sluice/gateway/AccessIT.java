package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What keys may do, how long, and how they are taken back; on two gateways beside each other. */
final class AccessIT {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static Sql sql;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        sql = new Sql(database);
        gateway = RunningGateway.start(database);
        neighbour = RunningGateway.start(database);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbour.close();
    }

    @Test
    void letsAViewerReadAndNothingElse() {
        String owner = gateway.newOrganization("viewed");
        String viewer = key(owner, "{\"name\":\"v\",\"role\":\"viewer\"}");
        assertThat(gateway.getAs(viewer, "/v1/events").status()).isEqualTo(200);
        assertThat(gateway.getAs(viewer, "/v1/endpoints").status()).isEqualTo(200);
        Answer refused = gateway.postAs(viewer, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("endpoints:manage");
        assertThat(gateway.getAs(viewer, "/v1/api-keys").status()).isEqualTo(403);
        assertThat(gateway.postAs(viewer, "/v1/workflows/a/b/runs", "{}").status())
                .isEqualTo(403);
        assertThat(gateway.postAs(viewer, "/v1/workflows", "{}").status()).isEqualTo(403);
    }

    @Test
    void letsAKeyDoJustWhatItNames() {
        String owner = gateway.newOrganization("named");
        String starter = key(owner, "{\"name\":\"s\",\"permissions\":[\"runs:start\",\"endpoints:read\"]}");
        assertThat(gateway.getAs(starter, "/v1/endpoints").status()).isEqualTo(200);
        // No executor is there: who gets as far as that may do it.
        assertThat(gateway.postAs(starter, "/v1/workflows/a/b/runs", "{}").status())
                .isEqualTo(503);
        assertThat(gateway.getAs(starter, "/v1/runs").status()).isEqualTo(403);
        assertThat(gateway.getAs(starter, "/v1/events").status()).isEqualTo(403);
    }

    @Test
    void letsNobodyGiveAwayWhatTheyLack() {
        String owner = gateway.newOrganization("modest");
        String clerk = key(owner, "{\"name\":\"c\",\"permissions\":[\"api-keys:manage\",\"runs:read\"]}");
        Answer more = gateway.postAs(clerk, "/v1/api-keys", "{\"name\":\"x\",\"role\":\"viewer\"}");
        assertThat(more.status()).isEqualTo(403);
        assertThat(more.text()).contains("events:read").doesNotContain("runs:read");
        Answer same = gateway.postAs(clerk, "/v1/api-keys", "{\"name\":\"x\"}");
        assertThat(same.status()).isEqualTo(201);
        assertThat(same.json().path("permissions"))
                .extracting(JsonNode::stringValue)
                .containsExactly("api-keys:manage", "runs:read");
        JsonNode first = gateway.getAs(owner, "/v1/api-keys").json().path("items");
        String ownersKey = first.get(first.size() - 1).path("id").stringValue();
        assertThat(delete(clerk, "/v1/api-keys/" + ownersKey).status()).isEqualTo(403);
        assertThat(gateway.postAs(clerk, "/v1/api-keys/" + ownersKey + ":rotate", "{}")
                        .status())
                .isEqualTo(403);
    }

    /** One of three: a machine that has much to do may stop for longer than the second. */
    @Test
    void takesAKeyBackOnAllGatewaysWithinASecond() {
        String owner = gateway.newOrganization("revoking");
        List<Duration> took = new ArrayList<>();
        do {
            took.add(takeBack(owner));
        } while (took.getLast().compareTo(SECOND) > 0 && took.size() < 3);
        assertThat(took.getLast()).as("%s", took).isLessThanOrEqualTo(SECOND);
    }

    /** How long it takes until nobody takes a key any more. */
    private static Duration takeBack(String owner) {
        JsonNode made =
                gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"r\"}").json();
        String key = made.path("key").stringValue();
        String path = "/v1/api-keys/" + made.path("id").stringValue();
        assertThat(gateway.getAs(key, "/v1/events").status()).isEqualTo(200);
        assertThat(neighbour.getAs(key, "/v1/events").status()).isEqualTo(200);

        assertThat(delete(owner, path).status()).isEqualTo(204);
        long began = System.nanoTime();
        People.await(
                Duration.ofSeconds(30), () -> gateway.getAs(key, "/v1/events").status() == 401);
        People.await(
                Duration.ofSeconds(30), () -> neighbour.getAs(key, "/v1/events").status() == 401);
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(delete(owner, path).status()).isEqualTo(204);
        assertThat(gateway.getAs(owner, path).json().path("revokedAt").isString())
                .isTrue();
        assertThat(gateway.postAs(owner, path + ":rotate", "{}").status()).isEqualTo(409);
        return took;
    }

    /** Of one moment, so that what comes later is behind all of them. */
    @Test
    void takesAKeyBackThoughAHundredThousandThingsChangeAtOnce() {
        JsonNode made = gateway.postAs(RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"turbulent\"}")
                .json();
        String owner = made.at("/apiKey/key").stringValue();
        JsonNode brief =
                gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"r\"}").json();
        String key = brief.path("key").stringValue();
        assertThat(neighbour.getAs(key, "/v1/events").status()).isEqualTo(200);
        sql.run("insert into identity.change (id, organization_id, type, subject)"
                + " select gen_random_uuid(), '" + made.path("id").stringValue()
                + "', 'dev.sluice.session.ended', gen_random_uuid()::text from generate_series(1, 100000)");

        String path = "/v1/api-keys/" + brief.path("id").stringValue();
        assertThat(delete(owner, path).status()).isEqualTo(204);
        People.await(
                Duration.ofSeconds(60), () -> neighbour.getAs(key, "/v1/events").status() == 401);
        assertThat(neighbour.getAs(owner, "/v1/events").status()).isEqualTo(200);
    }

    @Test
    void replacesAKeyThatIsGoodForAWhileYet() {
        String owner = gateway.newOrganization("rotating");
        JsonNode made = gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"r\",\"role\":\"viewer\"}")
                .json();
        String old = made.path("key").stringValue();
        String path = "/v1/api-keys/" + made.path("id").stringValue();
        Answer rotated = gateway.postAs(owner, path + ":rotate", "{\"overlap\":\"PT6S\"}");
        assertThat(rotated.status()).isEqualTo(201);
        String replacement = rotated.json().path("key").stringValue();
        assertThat(rotated.json().path("name").stringValue()).isEqualTo("r");
        assertThat(rotated.json().path("role").stringValue()).isEqualTo("viewer");

        assertThat(gateway.getAs(old, "/v1/events").status()).isEqualTo(200);
        assertThat(neighbour.getAs(old, "/v1/events").status()).isEqualTo(200);
        assertThat(gateway.getAs(replacement, "/v1/events").status()).isEqualTo(200);
        await(deadline(), () -> gateway.getAs(old, "/v1/events").status() == 401);
        await(deadline(), () -> neighbour.getAs(old, "/v1/events").status() == 401);
        assertThat(neighbour.getAs(replacement, "/v1/events").status()).isEqualTo(200);
        assertThat(gateway.getAs(owner, path).json().path("replacedBy"))
                .isEqualTo(rotated.json().path("id"));
        assertThat(gateway.postAs(owner, path + ":rotate", "{}").status()).isEqualTo(409);
    }

    @Test
    void endsAKeyAtItsTime() {
        String owner = gateway.newOrganization("ending");
        Instant end = gateway.now().plusSeconds(6);
        String key = key(owner, "{\"name\":\"e\",\"expiresAt\":\"" + end + "\"}");
        assertThat(gateway.getAs(key, "/v1/events").status()).isEqualTo(200);
        await(deadline(), () -> gateway.getAs(key, "/v1/events").status() == 401);
        assertThat(gateway.now()).isAfterOrEqualTo(end);
    }

    @Test
    void notesWhenAKeyWasUsed() {
        String owner = gateway.newOrganization("noting");
        JsonNode made =
                gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"n\"}").json();
        String path = "/v1/api-keys/" + made.path("id").stringValue();
        assertThat(made.path("lastUsedAt").isNull()).isTrue();
        assertThat(gateway.getAs(made.path("key").stringValue(), "/v1/events").status())
                .isEqualTo(200);
        await(
                deadline(),
                () -> gateway.getAs(owner, path).json().path("lastUsedAt").isString());
    }

    @Test
    void saysWhatIsWrongWithAKey() {
        String owner = gateway.newOrganization("wrong");
        Answer refused = gateway.postAs(
                owner,
                "/v1/api-keys",
                "{\"name\":\"\",\"role\":\"king\",\"permissions\":[\"runs:read\",\"x\",1],\"expiresAt\":\"soon\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors"))
                .extracting(error -> error.path("pointer").stringValue())
                .containsExactly("/name", "/role", "/permissions/1", "/permissions/2", "/expiresAt");
        assertThat(gateway.postAs(
                                owner,
                                "/v1/api-keys",
                                "{\"name\":\"x\",\"role\":\"viewer\",\"permissions\":[\"runs:read\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"x\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(400);
        String other = gateway.newOrganization("other");
        String id =
                gateway.getAs(other, "/v1/api-keys").json().at("/items/0/id").stringValue();
        assertThat(gateway.getAs(owner, "/v1/api-keys/" + id).status()).isEqualTo(404);
        assertThat(delete(owner, "/v1/api-keys/" + id).status()).isEqualTo(404);
        assertThat(gateway.postAs(owner, "/v1/api-keys/" + id + ":rotate", "{}").status())
                .isEqualTo(404);
        assertThat(gateway.getAs(other, "/v1/events").status()).isEqualTo(200);
    }

    @Test
    void nestsOrganizations() {
        JsonNode top = organization("top", null);
        String topKey = top.at("/apiKey/key").stringValue();
        String topId = top.path("id").stringValue();
        JsonNode child = organization("child", topId);
        String childKey = child.at("/apiKey/key").stringValue();
        String childId = child.path("id").stringValue();
        assertThat(child.path("parent").stringValue()).isEqualTo(topId);
        assertThat(gateway.getAs(topKey, "/v1/organizations").json().path("items"))
                .extracting(item -> item.path("name").stringValue())
                .containsExactly("child", "top");
        assertThat(gateway.getAs(childKey, "/v1/organizations").json().path("items"))
                .extracting(item -> item.path("name").stringValue())
                .containsExactly("child");
        assertThat(gateway.getAs(childKey, "/v1/organizations/" + topId).status())
                .isEqualTo(404);
        assertThat(gateway.getAs(topKey, "/v1/organizations/" + childId).status())
                .isEqualTo(200);
        assertThat(gateway.getAs(gateway.newOrganization("stranger"), "/v1/organizations/" + childId)
                        .status())
                .isEqualTo(404);
        String above = childId;
        for (int depth = 2; depth <= 4; depth++) {
            above = organization("deeper", above).path("id").stringValue();
        }
        assertThat(create("too deep", above).status()).isEqualTo(409);
        assertThat(create("nowhere", "01900000-0000-7000-8000-000000000000").status())
                .isEqualTo(404);
        assertThat(gateway.postAs(topKey, "/v1/organizations", "{\"name\":\"x\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void letsAKeyThatEndsMakeNoneThatIsGoodForLonger() {
        String owner = gateway.newOrganization("brief");
        String id =
                gateway.getAs(owner, "/v1/api-keys").json().at("/items/0/id").stringValue();
        String end =
                gateway.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS).toString();
        String brief = key(owner, "{\"name\":\"b\",\"role\":\"owner\",\"expiresAt\":\"" + end + "\"}");
        assertThat(gateway.postAs(brief, "/v1/api-keys", "{\"name\":\"x\"}").status())
                .isEqualTo(403);
        assertThat(gateway.postAs(brief, "/v1/api-keys", "{\"name\":\"x\",\"expiresAt\":\"2099-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(403);
        assertThat(gateway.postAs(brief, "/v1/api-keys/" + id + ":rotate", "{}").status())
                .isEqualTo(403);
        assertThat(gateway.postAs(brief, "/v1/api-keys", "{\"name\":\"x\",\"expiresAt\":\"" + end + "\"}")
                        .status())
                .isEqualTo(201);
    }

    private static JsonNode organization(String name, @Nullable String parent) {
        Answer made = create(name, parent);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static Answer create(String name, @Nullable String parent) {
        String below = parent == null ? "" : ",\"parent\":\"" + parent + "\"";
        return gateway.postAs(
                RunningGateway.PLATFORM_KEY, "/v1/organizations", "{\"name\":\"" + name + "\"" + below + "}");
    }

    private static String key(String owner, String body) {
        Answer made = gateway.postAs(owner, "/v1/api-keys", body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().path("key").stringValue();
    }

    private static Answer delete(String key, String path) {
        return gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + key);
    }

    private static long deadline() {
        return System.nanoTime() + RunningGateway.DEADLINE.toNanos();
    }

    private static void await(long deadline, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
        }
    }
}
