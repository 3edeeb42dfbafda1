package dev.sluice.executor.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.TenantRows;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The end of an organization in the tables of executors. */
final class ErasuresIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final OrganizationId GOES = new OrganizationId(UUID.randomUUID());
    private static final OrganizationId STAYS = new OrganizationId(UUID.randomUUID());

    private ExecutorDatabase database;
    private TenantRows rows;
    private ErasureStore store;

    @BeforeEach
    void fill() {
        database = new ExecutorDatabase();
        rows = new TenantRows(database);
        rows.fill(GOES);
        rows.fill(STAYS);
        database.sql("delete from workflow.erasure");
        store = new ErasureStore(database.engine());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void reachesEveryTableAndNoRowOfAnother() {
        List<ErasureStep> steps = untilClean(8_192, 1_000);

        assertThat(steps.getLast().clean()).isTrue();
        assertThat(store.forget(GOES).block(PATIENCE)).isEqualTo(1);
        for (String table : rows.tables()) {
            assertThat(left(table)).as(table).isZero();
            assertThat(rows.count(table, "organization_id = '" + STAYS + "'"))
                    .as(table)
                    .isEqualTo(table.equals("workflow.erasure") ? 0 : 1);
        }
        assertThat(counts(steps.getLast()))
                .containsEntry("workflow.run", 1L)
                .containsEntry("workflow.journal", 1L)
                .containsEntry("workflow.definition", 1L)
                .containsEntry("workflow.secret", 1L)
                .containsEntry("workflow.data_key", 1L)
                .hasSize(rows.tables().size() - 1);
    }

    @Test
    void goesOnInSmallStepsWhereverItWasCutOff() {
        UUID run = database.run(GOES);
        database.sql(
                "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at)"
                        + " select '" + run + "', n, case when n % 2 = 0 then '" + GOES + "' else '" + STAYS
                        + "' end::uuid, 1, repeat('p', 500), 't', 0, now() from generate_series(1, 2000) n");
        List<ErasureStep> steps = new ArrayList<>();
        // Each step may be a process' last: the next one knows no more than the tables do.
        for (ErasureStep step = step(3, 7); !step.clean(); step = step(3, 7)) {
            steps.add(step);
            store = new ErasureStore(database.engine());
        }

        assertThat(steps).allMatch(step -> step.erased() <= 7).hasSizeGreaterThan(140);
        assertThat(left("workflow.journal")).isZero();
        assertThat(rows.count("workflow.journal", "organization_id = '" + STAYS + "'"))
                .isEqualTo(1_001);
        assertThat(counts(steps.getLast())).containsEntry("workflow.journal", 1_001L);
    }

    @Test
    void countsEachRowOnceWhoeverGoesOnWithIt() {
        UUID run = database.run(GOES);
        database.sql(
                "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at)"
                        + " select '" + run + "', n, '" + GOES
                        + "', 1, '/', 't', 0, now() from generate_series(1, 999) n");
        Flux<ErasureStep> node = Mono.defer(
                        () -> store.erase(GOES, 100, 50).defaultIfEmpty(new ErasureStep(0, false, false, "{}")))
                .repeat()
                .takeUntil(ErasureStep::clean);

        assertThat(Flux.merge(node, node, node).blockLast(PATIENCE)).isNotNull();

        assertThat(left("workflow.journal")).isZero();
        assertThat(counts(step(8_192, 100))).containsEntry("workflow.journal", 1_000L);
    }

    @Test
    void findsWhatIsWrittenBehindItsBack() {
        ErasureStep first = step(8_192, 1_000);
        assertThat(first.walked()).isTrue();
        database.sql("insert into workflow.dead_event (event_id, organization_id, tries) values (gen_random_uuid(), '"
                + GOES + "', 1)");
        List<ErasureStep> steps = untilClean(8_192, 1_000);
        assertThat(left("workflow.dead_event")).isZero();
        assertThat(counts(steps.getLast())).containsEntry("workflow.dead_event", 2L);
    }

    @Test
    void restsSchedulesAndEndsRunsUntilReleased() {
        database.sql("update workflow.schedule set next_at = now() + interval '1 hour'");
        assertThat(store.hold(GOES, 100).block(PATIENCE)).isEqualTo(1);
        assertThat(store.hold(GOES, 100).block(PATIENCE)).as("asked once").isZero();

        assertThat(rows.count("workflow.run", "cancel_requested_at is not null and wake_at <= now()"))
                .isEqualTo(1);
        assertThat(rows.count("workflow.schedule", "next_at is null and organization_id = '" + GOES + "'"))
                .isEqualTo(1);
        assertThat(rows.count("workflow.schedule", "next_at is not null")).isEqualTo(1);
        assertThat(store.release(GOES).block(PATIENCE)).isEqualTo(1);
        assertThat(rows.count("workflow.schedule", "next_at is not null and held_at is null"))
                .isEqualTo(2);
    }

    private List<ErasureStep> untilClean(int pages, int most) {
        List<ErasureStep> steps = new ArrayList<>();
        do {
            steps.add(step(pages, most));
        } while (!steps.getLast().clean());
        return steps;
    }

    private ErasureStep step(int pages, int most) {
        return store.erase(GOES, pages, most).blockOptional(PATIENCE).orElseThrow();
    }

    private long left(String table) {
        return rows.count(table, "organization_id = '" + GOES + "'");
    }

    private static Map<String, Long> counts(ErasureStep step) {
        return Json.read(step.counts().getBytes(StandardCharsets.UTF_8))
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().asLong(), (a, b) -> a, TreeMap::new));
    }
}
