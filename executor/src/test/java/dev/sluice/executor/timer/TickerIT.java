package dev.sluice.executor.timer;

import static dev.sluice.shared.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class TickerIT {

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();
    private final Map<UUID, Workflow> workflows = new ConcurrentHashMap<>();
    private final Ticker one = ticker();
    private final Ticker other = ticker();

    @AfterEach
    void close() {
        one.dispose();
        other.dispose();
        database.close();
    }

    @Test
    void startsOneRunForEachTickHoweverManyNodesLook() {
        for (int i = 0; i < 1_200; i++) {
            schedule("n" + i, "every: PT1H", "once", "now()");
        }

        start();

        eventually(() -> database.value("select count(*) from workflow.schedule where next_at > now()")
                .equals("1200"));
        assertThat(runs()).isEqualTo("1200");
        assertThat(database.value("select count(distinct definition_id) from workflow.run"
                        + " where status = 'pending' and scheduled_at is not null and wake_at <= now()"))
                .isEqualTo("1200");
    }

    @Test
    void startsOneRunForAllMissedTicks() {
        schedule("once", "every: PT10M", "once", "now() - interval '65 minutes'");

        start();

        eventually(() -> ahead("once"));
        assertThat(runs()).isEqualTo("1");
        assertThat(database.value("select next_at < now() + interval '5 minutes' from workflow.schedule"))
                .as("on the grid of before")
                .isEqualTo("true");
    }

    @Test
    void startsARunForEachMissedTickWhenTheAuthorSaysSo() {
        schedule("all", "every: PT10M", "all", "now() - interval '65 minutes'");

        start();

        eventually(() -> ahead("all"));
        assertThat(runs()).isEqualTo("7");
    }

    @Test
    void skipsMissedTicksWhenTheAuthorSaysSo() {
        schedule("skip", "every: PT10M", "skip", "now() - interval '65 minutes'");

        start();

        eventually(() -> ahead("skip"));
        assertThat(runs()).isEqualTo("0");
    }

    @Test
    void startsTheRunThatTheNextOneComesAfterHoweverLate() {
        schedule("after", "after: PT10M", "skip", "now() - interval '1 hour'");
        database.sql("update workflow.schedule set again_after_ms = 600000");

        start();

        eventually(() -> runs().equals("1"));
        assertThat(database.value("select awaited = (select id from workflow.run) from workflow.schedule"))
                .isEqualTo("true");
    }

    @Test
    void isNotHeldUpByAScheduleThatCannotBeRead() {
        schedule("broken", "every: PT10M", "once", "now() - interval '1 hour'");
        workflows.clear();
        schedule("sound", "every: PT10M", "once", "now()");

        start();

        eventually(() -> ahead("sound") && ahead("broken"));
        assertThat(runs()).isEqualTo("1");
    }

    private void start() {
        one.start();
        other.start();
    }

    private Ticker ticker() {
        return new Ticker(
                new ScheduleStore(database.engine()),
                id -> Mono.justOrEmpty(workflows.get(id))
                        .switchIfEmpty(Mono.error(() -> new IllegalStateException("unreadable"))),
                Schedulers.parallel());
    }

    private void schedule(String name, String schedule, String missed, String nextAt) {
        UUID definition = Ids.next();
        String document = """
                document: { dsl: '1.0.3', namespace: n, name: n, version: '1.0.0', metadata: { sluice: { schedule: { missed: %s } } } }
                schedule: { %s }
                do: [ { stand: { set: { a: 1 } } } ]
                """.formatted(missed, schedule);
        workflows.put(definition, WorkflowDocuments.read(document.getBytes(UTF_8), WorkflowDocuments.Format.YAML));
        database.sql("insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                + " values ('" + definition + "', '" + organization + "', 'n', '" + name + "', '1.0.0', '{}', 'd')");
        database.sql("insert into workflow.schedule (organization_id, namespace, name, definition_id, next_at)"
                + " values ('" + organization + "', 'n', '" + name + "', '" + definition + "', " + nextAt + ")");
    }

    private boolean ahead(String name) {
        return database.value("select next_at > now() from workflow.schedule where name = '" + name + "'")
                .equals("true");
    }

    private String runs() {
        return database.value("select count(*) from workflow.run");
    }
}
