package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows of golden journals as they are in the database. {@code -Dsluice.golden.write=true} writes those of the current format
 * anew; CONTRIBUTING.md says when.
 */
class GoldenJournalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_RECORDINGS = 20;
    private static final boolean WRITE = Boolean.getBoolean("sluice.golden.write");
    private static final UUID RUN = new UUID(1, 2);
    private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(3, 4));

    private static final String ROWS = """
            select string_agg(json_build_object('run_id', run_id, 'seq', seq, 'organization_id', organization_id,
                'kind', kind, 'path', path, 'task_type', task_type, 'place_hash', place_hash,
                'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'payload', convert_from(payload, 'UTF8'))::text, chr(10) order by seq)
            from workflow.journal
            """;

    private static final String INSERT = """
            insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
            select run_id, seq, organization_id, kind, path, task_type, place_hash, at, convert_to(payload, 'UTF8')
            from json_to_recordset('@rows@') as t(run_id uuid, seq int, organization_id uuid, kind smallint, path text,
                task_type text, place_hash int, at timestamptz, payload text)
            """;

    private static final Pattern EVENT_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final UUID node = Ids.next();
    private final ExecutorDatabase database = new ExecutorDatabase();
    /** What the entry to be written says. */
    private volatile Instant now = Instant.EPOCH;

    private final InstantSource clock = () -> now;
    private final Journals journals = new Journals(
            database.engine(),
            GroupCommitSettings.of(1, 100, 16),
            new SimpleMeterRegistry(),
            clock.withZone(ZoneOffset.UTC));

    @AfterEach
    void close() {
        journals.close();
        database.close();
    }

    static Stream<Arguments> current() {
        return Arrays.stream(GoldenCase.values()).map(Arguments::of);
    }

    static Stream<Arguments> all() {
        return GoldenReplayTest.journals();
    }

    /** Whoever changes what is written adds a format: journals like the golden ones are in databases. */
    @ParameterizedTest
    @MethodSource("current")
    void theEngineWritesTheRowsOfTheCurrentFormat(GoldenCase scenario) {
        String document = GoldenJournal.document(JournalFormat.CURRENT, scenario);
        // A run that has to load classes or to wait for a processor meanwhile lets its branches take other turns.
        assertThat(GoldenRehearsal.record(scenario, document).finish()).isNotEmpty();
        GoldenRehearsal recording = GoldenRehearsal.record(scenario, document);
        String output = recording.finish();
        for (int i = 1; i < MOST_RECORDINGS && !WRITE && !takesTheTurnsOfTheGoldenOne(recording, scenario); i++) {
            recording = GoldenRehearsal.record(scenario, document);
            output = recording.finish();
        }
        GoldenJournal written = new GoldenJournal(document, store(recording.journal()), recording.calls(), output);
        if (WRITE) {
            written.write(GoldenJournal.folder(JournalFormat.CURRENT, scenario));
        }

        GoldenJournal golden = GoldenJournal.read(JournalFormat.CURRENT, scenario);
        assertThat(comparable(written)).isEqualTo(comparable(golden));
        assertThat(written.run()).isEqualTo(golden.run());
    }

    @ParameterizedTest
    @MethodSource("all")
    void theEngineReadsRowsOfEachFormat(JournalFormat format, GoldenCase scenario) {
        GoldenJournal golden = GoldenJournal.read(format, scenario);

        database.sql(INSERT.replace("@rows@", golden.rows().toString().replace("'", "''")));

        assertThat(journals.read(RUN, 0).collectList().block(PATIENCE)).isEqualTo(golden.entries());
    }

    @Test
    void regeneratingIsAskedForOnPurpose() {
        assertThat(WRITE)
                .as("sluice.golden.write is for one run, and nothing else is shown by it")
                .isFalse();
    }

    private static boolean takesTheTurnsOfTheGoldenOne(GoldenRehearsal recording, GoldenCase scenario) {
        return places(recording.calls())
                .equals(places(
                        GoldenJournal.read(JournalFormat.CURRENT, scenario).calls()));
    }

    private static List<String> places(List<GoldenCall> calls) {
        return calls.stream().map(GoldenCall::uri).toList();
    }

    /** Without the ids that emitted events get, which are made of the time of day. */
    private static List<String> comparable(GoldenJournal journal) {
        return journal.rows().stream()
                .map(row ->
                        row.contains("\"kind\" : 20,") ? EVENT_ID.matcher(row).replaceAll("event") : row)
                .toList();
    }

    private List<String> store(List<Entry> entries) {
        UUID fresh = database.run(ORGANIZATION);
        database.sql("insert into workflow.node (id, name, lease_until) values ('%s', 'n', now() + interval '1 h')"
                .formatted(node));
        database.sql("update workflow.run set id = '%s', node = '%s', status = 'running' where id = '%s'"
                .formatted(RUN, node, fresh));
        RunJournal journal = Objects.requireNonNull(
                journals.open(RUN, ORGANIZATION, node, 0, JournalFormat.CURRENT, true, 0, () -> true)
                        .block(PATIENCE));
        entries.forEach(entry -> append(journal, entry));
        return List.of(database.value(ROWS).split("\n"));
    }

    private void append(RunJournal journal, Entry entry) {
        now = entry.at();
        var appended = entry.kind().ofRun()
                ? journal.append(entry.kind(), entry.payload())
                : journal.append(entry.kind(), entry.path(), entry.taskType(), entry.placeHash(), entry.payload());
        assertThat(appended.block(PATIENCE)).isEqualTo(entry);
    }
}
