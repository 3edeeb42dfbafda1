package dev.sluice.executor.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.TenantRows;
import dev.sluice.shared.export.ExportKind;
import dev.sluice.shared.export.ExportMeter;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What executors export: all there is, of one organization, without holding anything for who does not read. */
final class ExportsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OrganizationId OWN = new OrganizationId(UUID.randomUUID());
    private static final OrganizationId OTHER = new OrganizationId(UUID.randomUUID());

    private static ExecutorDatabase database;
    private static Postgres postgres;
    private static TenantTransactions transactions;
    private static TenantRows rows;

    @BeforeAll
    static void fill() {
        database = new ExecutorDatabase();
        // Its pool is made here, where that may block.
        assertThat(database.engine()).isNotNull();
        postgres = new Postgres(database.settings());
        transactions = new TenantTransactions(postgres.pool(DatabaseRole.API));
        rows = new TenantRows(database);
        rows.fill(OWN);
        rows.fill(OTHER);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        database.close();
    }

    /** A table or column that somebody adds is either exported or said to be left out. */
    @Test
    void knowsEveryTableAndColumnOfAnOrganization() {
        List<ExportKind> kinds = kinds().toList();
        assertThat(Stream.concat(kinds.stream().map(ExportKind::table), ExportKinds.LEFT_OUT.keySet().stream()))
                .containsAll(rows.tables());
        List<String> missing = new ArrayList<>();
        for (String table : rows.tables()) {
            List<ExportKind> of =
                    kinds.stream().filter(kind -> kind.table().equals(table)).toList();
            for (String column : columns(table)) {
                boolean known = of.isEmpty()
                        || of.stream()
                                .anyMatch(kind -> kind.omitted().contains(column)
                                        || kind.sql().matches("(?s).*\\b" + column + "\\b.*"));
                if (!known) {
                    missing.add(table + "." + column);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void givesEachRowOfItsOwnAndNoneOfAnother() {
        UUID run = database.run(OWN);
        for (int seq = 0; seq < 450; seq++) {
            entry(OWN, run, seq, "{ \"n\" : " + seq + " }");
        }
        entry(OWN, run, 450, "no json");
        List<JsonNode> lines = lines(OWN);
        JsonNode part = lines.getLast();

        assertThat(lines.toString()).doesNotContain(OTHER.toString());
        assertThat(lines.stream().filter(line -> line.path("runId").asString("").equals(run.toString())))
                .hasSize(451)
                .extracting(line -> line.path("seq").asInt())
                .doesNotHaveDuplicates();
        assertThat(lines.stream().map(JsonNode::toString))
                .anyMatch(line -> line.contains("\"payload\":{\"n\":449}"))
                .anyMatch(line -> line.contains("\"payloadBase64\":\"bm8ganNvbg==\""));
        assertThat(part.path("kind").asString()).isEqualTo(ExportMeter.PART);
        assertThat(part.path("lines").asInt()).isEqualTo(lines.size() - 1);
        kinds().filter(kind -> !kind.name().equals("reopened-run") && !ofParts(kind))
                .forEach(kind -> assertThat(part.path("kinds").path(kind.name()).asInt())
                        .as(kind.name())
                        .isPositive());
    }

    @Test
    void namesSecretsAndSaysThatTheirValuesAreLeftOut() {
        List<JsonNode> lines = lines(OWN);

        assertThat(lines.stream().filter(line -> line.path("kind").asString().equals("secret")))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.propertyNames())
                        .containsExactlyInAnyOrder("kind", "name", "createdAt", "updatedAt"));
        JsonNode omitted = lines.getLast().path("omitted");
        assertThat(omitted.path("workflow.secret").toString()).isEqualTo("[\"id\",\"sealed\"]");
        assertThat(omitted.path("workflow.data_key").asString()).isEqualTo("wrapped keys");
    }

    /** Row-level security by itself: the same statements, with their filter taken out, in another organization. */
    @Test
    void givesNothingOfAnotherEvenWithoutItsFilters() {
        OrganizationId nobody = new OrganizationId(UUID.randomUUID());
        for (ExportKind kind : kinds().toList()) {
            String open = kind.sql().replace("organization_id = $1", "$1::uuid is not null");
            assertThat(open).as(kind.name()).isNotEqualTo(kind.sql());
            Long found = transactions
                    .manyInTenant(nobody, connection -> {
                        var statement = connection
                                .createStatement(open)
                                .bind(0, OWN.value())
                                .bind(1, kind.first().toArray(String[]::new))
                                .bind(2, 100);
                        if (open.contains("$4")) {
                            statement.bind(3, new UUID[] {nobody.value()});
                        }
                        return Flux.from(statement.execute()).concatMap(result -> result.map(row -> row.get("cursor")));
                    })
                    .count()
                    .block(PATIENCE);
            assertThat(found).as(kind.name()).isZero();
        }
    }

    @Test
    void holdsNoConnectionForAReaderWhoStallsOrLeaves() {
        OrganizationId large = new OrganizationId(UUID.randomUUID());
        UUID run = database.run(large);
        String payload = "\"" + "x".repeat(400_000) + "\"";
        for (int seq = 0; seq < 20; seq++) {
            entry(large, run, seq, payload);
        }
        // More readers than there are connections, none of whom goes on.
        List<Disposable> stalled = new ArrayList<>();
        for (int reader = 0; reader < 12; reader++) {
            StepVerifier.create(exports().lines(large), 4)
                    .expectNextCount(4)
                    .thenCancel()
                    .verify(PATIENCE);
            stalled.add(exports()
                    .lines(large)
                    .limitRate(1)
                    .concatMap(line -> Mono.never(), 1)
                    .subscribe());
        }
        assertThat(lines(large).getLast().path("kinds").path("journal-entry").asInt())
                .isEqualTo(20);
        stalled.forEach(Disposable::dispose);
        assertThat(lines(large)).hasSize(23);
    }

    @Test
    void givesWhatIsThereAllTheTimeOnceWhileOthersAreWritten() {
        OrganizationId busy = new OrganizationId(UUID.randomUUID());
        UUID run = database.run(busy);
        // More pages than are read ahead.
        database.sql(
                "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at)"
                        + " select '" + run + "', n, '" + busy
                        + "', 1, '/', 't', 0, now() from generate_series(0, 3999) n");
        List<Integer> read = new ArrayList<>();
        exports()
                .lines(busy)
                .map(Json::read)
                .filter(line -> line.path("kind").asString().equals("journal-entry"))
                .doOnNext(line -> read.add(line.path("seq").asInt()))
                .filter(line -> line.path("seq").asInt() == 100)
                .concatMap(line -> transactionsOfEngine(busy, run))
                .then()
                .block(PATIENCE);
        assertThat(read).doesNotHaveDuplicates();
        assertThat(read.stream().filter(seq -> seq >= 0 && seq < 4_000)).hasSize(4_000);
        assertThat(read).contains(9_000);
    }

    private static Mono<Void> transactionsOfEngine(OrganizationId organization, UUID run) {
        return Mono.usingWhen(
                database.engine().create(),
                connection -> ExecutorDatabase.execute(connection, insert(organization, run, 9_000, "{}")),
                Connection::close);
    }

    private static Exports exports() {
        return new Exports(transactions);
    }

    private static List<JsonNode> lines(OrganizationId organization) {
        return Objects.requireNonNull(exports()
                .lines(organization)
                .map(line -> {
                    assertThat(new String(line, UTF_8)).endsWith("\n").hasLineCount(1);
                    return Json.read(line);
                })
                .collectList()
                .block(PATIENCE));
    }

    private static Stream<ExportKind> kinds() {
        return ExportKinds.ALL.stream().flatMap(kind -> Stream.concat(Stream.of(kind), kind.parts().stream()));
    }

    /** Belong to rows that the fixture does not know the id of. */
    private static boolean ofParts(ExportKind kind) {
        return kind.sql().contains("$4") && !kind.name().equals("journal-entry");
    }

    private static List<String> columns(String table) {
        return List.of(database.value("select string_agg(attname, ',') from pg_attribute where attrelid = '" + table
                        + "'::regclass and attnum > 0 and not attisdropped and attname <> 'organization_id'")
                .split(","));
    }

    private static void entry(OrganizationId organization, UUID run, int seq, String payload) {
        database.sql(insert(organization, run, seq, payload));
    }

    private static String insert(OrganizationId organization, UUID run, int seq, String payload) {
        return "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)"
                + " values ('" + run + "', " + seq + ", '" + organization + "', 1, '/', 'set', 0, now(), convert_to('"
                + payload + "', 'UTF8'))";
    }
}
