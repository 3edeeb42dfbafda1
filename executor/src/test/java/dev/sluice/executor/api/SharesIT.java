package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestRedis;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Limits of organizations, priorities, and the pressure they make, as callers see them. */
class SharesIT {

    private static final String NAP = """
            do:
              - nap: { wait: { hours: 1 } }
            """;

    private static final String URGENT = """
            document:
              dsl: '1.0.3'
              namespace: test
              name: urgent
              version: '1.0.0'
              metadata: { sluice: { priority: 1 } }
            do:
              - nap: { wait: { hours: 1 } }
            """;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;

    private final Principal platform =
            new Principal(new OrganizationId(UUID.randomUUID()), UUID.randomUUID(), Principal.Scope.PLATFORM);

    @BeforeAll
    static void start() {
        TestRedis.flush();
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(
                database.settings(), "sluice.executor.max-runs=8", "sluice.executor.park-after=1h");
    }

    @AfterAll
    static void stop() {
        executor.close();
        database.close();
    }

    @Test
    void areSetByThePlatformOnly() {
        Principal tenant = RunningExecutor.principal();
        String path = "/v1/shares/" + tenant.organization();

        assertThat(executor.ask(tenant, "GET", path, null).status()).isEqualTo(403);
        assertThat(executor.ask(tenant, "PUT", path, "{\"maxRuns\":8}").status())
                .isEqualTo(403);
        assertThat(executor.ask(platform, "GET", path, null).body())
                .isEqualTo(
                        "{\"organizationId\":\"%s\",\"maxRuns\":4,\"weight\":1,\"default\":true}",
                        tenant.organization());
        assertThat(executor.ask(platform, "PUT", path, "{\"maxRuns\":2,\"weight\":3}")
                        .status())
                .isEqualTo(200);
        assertThat(executor.ask(platform, "GET", path, null).body())
                .isEqualTo(
                        "{\"organizationId\":\"%s\",\"maxRuns\":2,\"weight\":3,\"default\":false}",
                        tenant.organization());
        assertThat(executor.ask(platform, "DELETE", path, null).status()).isEqualTo(204);
        assertThat(executor.ask(platform, "GET", path, null)
                        .json()
                        .path("default")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void refuseWhatIsNoShare() {
        String path = "/v1/shares/" + UUID.randomUUID();
        for (String body : new String[] {
            "[]", "{\"maxRuns\":0}", "{\"weight\":1.5}", "{\"weight\":1001}", "{\"max\":1}", "{\"maxRuns\":\"1\"}", "{"
        }) {
            assertThat(executor.ask(platform, "PUT", path, body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(executor.ask(platform, "GET", "/v1/shares/none", null).status())
                .isEqualTo(404);
        assertThat(executor.ask(platform, "POST", path, "{}").status()).isEqualTo(405);
    }

    /** What is beyond an organization's limit is accepted, waits, and begins by its urgency when there is room. */
    @Test
    void haveRunsBeyondThemWaitAndTakeTheMostUrgentFirst() {
        Principal tenant = RunningExecutor.principal();
        Principal other = RunningExecutor.principal();
        assertThat(executor.ask(platform, "PUT", "/v1/shares/" + tenant.organization(), "{\"maxRuns\":1}")
                        .status())
                .isEqualTo(200);
        String nap = executor.deploy(tenant, "nap", NAP);
        String napOfOther = executor.deploy(other, "nap", NAP);

        String first = start(tenant, nap, "u=3");
        String later = start(tenant, nap, "u=7");
        String urgent = start(tenant, nap, "u=0, i");
        String free = start(other, napOfOther, "u=9");

        assertThat(run(tenant, first).path("status").asString()).isEqualTo("running");
        assertThat(run(tenant, later).path("status").asString()).isEqualTo("pending");
        assertThat(run(tenant, later).path("priority").asInt()).isEqualTo(7);
        assertThat(run(tenant, urgent).path("priority").asInt()).isZero();
        assertThat(run(other, free).path("status").asString()).isEqualTo("running");
        assertThat(run(other, free).path("priority").asInt())
                .as("what is not valid is ignored")
                .isEqualTo(3);
        assertThat(bound(tenant, "runs.organization").toString())
                .isEqualTo("{\"name\":\"runs.organization\",\"limit\":1,\"used\":1,\"waiting\":2}");
        assertThat(bound(platform, "runs").path("limit").asInt()).isEqualTo(8);
        assertThat(bound(platform, "runs").path("used").asInt()).isBetween(2, 8);
        assertThat(bound(tenant, "runs").isMissingNode()).isTrue();
        assertThat(bound(tenant, "commit.journal").isMissingNode()).isTrue();

        cancel(tenant, first);
        eventually(() -> !run(tenant, urgent).path("status").asString().equals("pending"));
        assertThat(run(tenant, later).path("status").asString()).isEqualTo("pending");
        cancel(tenant, later);
        cancel(tenant, urgent);
        cancel(other, free);
        eventually(() -> bound(tenant, "runs.organization").path("used").asInt() == 0
                && bound(tenant, "runs.organization").path("waiting").asInt() == 0);
    }

    @Test
    void leaveThePriorityToTheDocumentUnlessTheCallerHasOne() {
        Principal tenant = RunningExecutor.principal();
        String path = "/v1/workflows/test/urgent";
        assertThat(executor.ask(tenant, "POST", "/v1/workflows", URGENT, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);

        String run = location(executor.ask(tenant, "POST", path + "/runs", "{}"));

        String asked = start(tenant, path, "u=5");

        assertThat(run(tenant, run).path("priority").asInt()).isOne();
        assertThat(run(tenant, asked).path("priority").asInt()).isEqualTo(5);
        cancel(tenant, run);
        cancel(tenant, asked);
    }

    @Test
    void showBoundsOfTheNodeToThePlatform() {
        for (String name : new String[] {
            "runs",
            "commit.journal",
            "commit.run-creation",
            "commit.run-end",
            "streams",
            "calls",
            "database.sluice_engine"
        }) {
            assertThat(bound(platform, name).path("used").isNumber()).as(name).isTrue();
        }
        assertThat(bound(RunningExecutor.principal(), "stream.organization")
                        .path("used")
                        .asInt())
                .isZero();
    }

    private static String start(Principal tenant, String workflow, String priority) {
        return location(executor.ask(tenant, "POST", workflow + "/runs", "{}", "Priority", priority));
    }

    private static void cancel(Principal tenant, String run) {
        assertThat(executor.ask(tenant, "POST", run + ":cancel", null).status()).isEqualTo(202);
    }

    private static JsonNode run(Principal tenant, String path) {
        return executor.ask(tenant, "GET", path, null).json();
    }

    private static JsonNode bound(Principal viewer, String name) {
        JsonNode pressure = eventually(
                () -> executor.ask(viewer, "GET", "/v1/pressure", null).json(),
                seen -> seen.path("complete").asBoolean());
        return pressure.path("bounds")
                .valueStream()
                .filter(bound -> bound.path("name").asString().equals(name))
                .findFirst()
                .orElseGet(() -> pressure.path("none"));
    }

    private static String location(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.location();
    }
}
