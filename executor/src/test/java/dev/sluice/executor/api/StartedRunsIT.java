package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which runs executors count, and what they tell gateways about those that callers start. */
@Timeout(120)
class StartedRunsIT {

    private static final String DO = "do:\n  - one: { set: { done: true } }\n";

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1);

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void areThoseOfEventsEachOnce() {
        String trigger = "schedule: { on: { one: { with: { type: test.counted } } } }\n";
        tenant.deploy("a", trigger + DO);
        tenant.deploy("b", trigger + DO);
        List<UUID> events = List.of(
                tenant.store("test.counted", "{}"),
                tenant.store("test.counted", "{}"),
                tenant.store("test.other", "{}"));
        tenant.publish(events);
        tenant.publish(events);
        eventually(() -> runs().equals("4"));
        assertThat(counted(tenant)).isEqualTo("4");
        assertThat(counted(CLUSTER.tenant())).isEqualTo("0");
    }

    @Test
    void areThoseOfSetsOfEvents() {
        tenant.deploy("sets", """
                schedule: { on: { all: [ { with: { type: t.a } }, { with: { type: t.b } } ] } }
                """ + DO);
        tenant.publish(List.of(tenant.store("t.a", "{}"), tenant.store("t.b", "{}"), tenant.store("t.a", "{}")));
        eventually(() -> runs().equals("1"));
        assertThat(counted(tenant)).isEqualTo("1");
    }

    @Test
    void areThoseOfSchedulesAndOfOtherRunsButNotThoseOfCallers() {
        tenant.deploy("child", DO);
        String parent = tenant.deploy("parent", """
                do:
                  - call: { run: { workflow: { namespace: test, name: child, version: latest, input: {} } } }
                """);
        Answer answer = tenant.ask("POST", parent + "/runs", "{}", "Prefer", "wait=20");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("sluice-start", "started");
        assertThat(runs()).isEqualTo("2");
        assertThat(counted(tenant)).as("the child").isEqualTo("1");

        tenant.deploy("after", "schedule: { after: PT1H }\n" + DO);
        eventually(() -> runs().equals("3"));
        assertThat(counted(tenant)).isEqualTo("2");
    }

    @Test
    void areToldToGatewaysWhateverTheAnswerIs() {
        String path = tenant.deploy("fails", """
                do:
                  - bad: { raise: { error: { type: 'https://x.example/bad', status: 500 } } }
                """) + "/runs";
        String[] wait = {"Idempotency-Key", "k", "Prefer", "wait=20"};
        Answer failed = tenant.ask("POST", path, "{}", wait);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.headers()).containsEntry("sluice-start", "started");
        assertThat(tenant.ask("POST", path, "{}", wait).headers()).containsEntry("sluice-start", "repeated");
        assertThat(tenant.ask("POST", path, "{}", "Idempotency-Key", "k").headers())
                .containsEntry("sluice-start", "repeated");
        assertThat(tenant.ask("POST", path, "{}", "Accept", "text/event-stream", "Idempotency-Key", "k")
                        .headers())
                .containsEntry("sluice-start", "repeated");
        Answer mismatch = tenant.ask("POST", path, "{\"n\":1}", wait);
        assertThat(mismatch.status()).isEqualTo(422);
        assertThat(mismatch.headers()).doesNotContainKey("sluice-start");
        assertThat(tenant.ask("POST", path, "{}").headers()).containsEntry("sluice-start", "started");
    }

    @Test
    void arePutTogetherWhenTheirDayIsOver() {
        String organization = UUID.randomUUID().toString();
        CLUSTER.database.sql("insert into workflow.started (organization_id, day, shard, runs)"
                + " select '%s', current_date - d, s, 5 from generate_series(0, 3) d, generate_series(1, 4) s"
                        .formatted(organization));
        CLUSTER.database.sql(
                "insert into workflow.started values ('%s', current_date - 500, 0, 9)".formatted(organization));

        assertThat(Integer.parseInt(CLUSTER.database.value("workflow.fold_started(1000)")))
                .isPositive();

        String of = "from workflow.started where organization_id = '" + organization + "'";
        assertThat(CLUSTER.database.value("select sum(runs) " + of)).isEqualTo("80");
        assertThat(CLUSTER.database.value("select count(*) " + of))
                .as("two days are not surely over")
                .isEqualTo("10");
    }

    private static String counted(Tenant of) {
        return CLUSTER.database.value(
                "workflow.runs_started('%s', current_date - 1, current_date + 1)".formatted(of.organization()));
    }

    /** How many runs there are and were. */
    private String runs() {
        String of = " where organization_id = '" + tenant.organization() + "'";
        return CLUSTER.database.value("(select count(*) from workflow.run" + of + ")"
                + " + (select count(*) from workflow.run_history" + of + ")");
    }
}
