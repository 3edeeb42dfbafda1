package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which runs executors count, and what they tell gateways about those that callers start. */
@Timeout(120)
class StartedRunsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DO = "do:\n  - one: { set: { done: true } }\n";

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(1_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings());
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    private static String counted(Principal caller) {
        return database.value(
                "workflow.runs_started('%s', current_date - 1, current_date + 1)".formatted(caller.organization()));
    }

    private static String runs(Principal caller) {
        String of = " where organization_id = '" + caller.organization() + "'";
        return database.value("(select count(*) from workflow.run" + of + ")"
                + " + (select count(*) from workflow.run_history" + of + ")");
    }

    private static void awaitRuns(Principal caller, String count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!runs(caller).equals(count)) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void areThoseOfEventsEachOnce() {
        Principal caller = RunningExecutor.principal();
        String trigger = "schedule: { on: { one: { with: { type: test.counted } } } }\n";
        assertThat(executor.deploy(caller, "a", trigger + DO)).isNotEmpty();
        assertThat(executor.deploy(caller, "b", trigger + DO)).isNotEmpty();
        List<UUID> events = List.of(
                database.event(caller.organization(), "test.counted", "{}"),
                database.event(caller.organization(), "test.counted", "{}"),
                database.event(caller.organization(), "test.other", "{}"));
        streams.publish(caller, events);
        streams.publish(caller, events);
        awaitRuns(caller, "4");
        assertThat(counted(caller)).isEqualTo("4");
        assertThat(counted(RunningExecutor.principal())).isEqualTo("0");
    }

    @Test
    void areThoseOfSetsOfEvents() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "sets", """
                        schedule: { on: { all: [ { with: { type: t.a } }, { with: { type: t.b } } ] } }
                        """ + DO)).isNotEmpty();
        streams.publish(
                caller,
                List.of(
                        database.event(caller.organization(), "t.a", "{}"),
                        database.event(caller.organization(), "t.b", "{}"),
                        database.event(caller.organization(), "t.a", "{}")));
        awaitRuns(caller, "1");
        assertThat(counted(caller)).isEqualTo("1");
    }

    @Test
    void areThoseOfSchedulesAndOfOtherRunsButNotThoseOfCallers() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "child", DO)).isNotEmpty();
        String parent = executor.deploy(caller, "parent", """
                do:
                  - call: { run: { workflow: { namespace: test, name: child, version: latest, input: {} } } }
                """);
        Answer answer = executor.ask(caller, "POST", parent + "/runs", "{}", "Prefer", "wait=20");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("sluice-start", "started");
        assertThat(runs(caller)).isEqualTo("2");
        assertThat(counted(caller)).as("the child").isEqualTo("1");

        assertThat(executor.deploy(caller, "after", "schedule: { after: PT1H }\n" + DO))
                .isNotEmpty();
        awaitRuns(caller, "3");
        assertThat(counted(caller)).isEqualTo("2");
    }

    @Test
    void areToldToGatewaysWhateverTheAnswerIs() {
        Principal caller = RunningExecutor.principal();
        String path = executor.deploy(caller, "fails", """
                        do:
                          - bad: { raise: { error: { type: 'https://x.example/bad', status: 500 } } }
                        """) + "/runs";
        String[] wait = {"Idempotency-Key", "k", "Prefer", "wait=20"};
        Answer failed = executor.ask(caller, "POST", path, "{}", wait);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.headers()).containsEntry("sluice-start", "started");
        assertThat(executor.ask(caller, "POST", path, "{}", wait).headers()).containsEntry("sluice-start", "repeated");
        assertThat(executor.ask(caller, "POST", path, "{}", "Idempotency-Key", "k")
                        .headers())
                .containsEntry("sluice-start", "repeated");
        assertThat(executor.ask(caller, "POST", path, "{}", "Accept", "text/event-stream", "Idempotency-Key", "k")
                        .headers())
                .containsEntry("sluice-start", "repeated");
        Answer mismatch = executor.ask(caller, "POST", path, "{\"n\":1}", wait);
        assertThat(mismatch.status()).isEqualTo(422);
        assertThat(mismatch.headers()).doesNotContainKey("sluice-start");
        assertThat(executor.ask(caller, "POST", path, "{}").headers()).containsEntry("sluice-start", "started");
    }

    @Test
    void arePutTogetherWhenTheirDayIsOver() {
        String organization = UUID.randomUUID().toString();
        database.sql("insert into workflow.started (organization_id, day, shard, runs)"
                + " select '%s', current_date - d, s, 5 from generate_series(0, 3) d, generate_series(1, 4) s"
                        .formatted(organization));
        database.sql("insert into workflow.started values ('%s', current_date - 500, 0, 9)".formatted(organization));

        assertThat(Integer.parseInt(database.value("workflow.fold_started(1000)")))
                .isPositive();

        String of = "from workflow.started where organization_id = '" + organization + "'";
        assertThat(database.value("select sum(runs) " + of)).isEqualTo("80");
        assertThat(database.value("select count(*) " + of))
                .as("two days are not surely over")
                .isEqualTo("10");
    }
}
