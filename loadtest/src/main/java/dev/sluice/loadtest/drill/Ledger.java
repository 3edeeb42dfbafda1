package dev.sluice.loadtest.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.loadtest.drill.Evidence.Outcome;
import dev.sluice.loadtest.drill.Evidence.Run;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** What the database knows. Blocks. */
final class Ledger implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final String OPEN = "select count(*) from workflow.run";

    private static final String ENDED = "select count(*) from workflow.run_history";

    private static final String WRITTEN = "select count(*) from workflow.journal";

    private static final String OWNED = """
            select n.name, count(*) from workflow.run r join workflow.node n on n.id = r.node
            where not n.dead group by n.name
            """;

    private static final String LAPSES = "select name, lease_until from workflow.node where dead order by lease_until";

    private static final String WITHOUT_RECEIPT = """
            select count(*) from ingress.event e
            where not exists (select from workflow.inbox i where i.event_id = e.id)
            """;

    private static final String RUNS = """
            select r.id, r.event_id, r.status, r.input, r.output
            from (
                select id, definition_id, event_id, status, input, null::bytea as output from workflow.run
                union all
                select id, definition_id, event_id, status, input, output from workflow.run_history
            ) r join workflow.definition d on d.id = r.definition_id
            where d.namespace = 'drill' and d.name = $1
            """;

    /** Kinds 1 and 2 are calls that ended well and with an error. */
    private static final String OUTCOMES = """
            select run_id, path, kind, payload, pg_xact_commit_timestamp(xmin)
            from workflow.journal where kind in (1, 2) and task_type = 'call'
            """;

    private final Postgres postgres;
    private final byte[] masterKey;

    Ledger(PostgresSettings settings, byte[] masterKey) {
        this.postgres = new Postgres(settings);
        this.masterKey = masterKey.clone();
    }

    /** Runs that have not ended; empty while the database is away. */
    OptionalLong openRuns() {
        try {
            return OptionalLong.of(query(OPEN, row -> Objects.requireNonNull(row.get(0, Long.class)), SHORT)
                    .getFirst());
        } catch (RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Runs that have ended. */
    long endedRuns() {
        return query(ENDED, row -> Objects.requireNonNull(row.get(0, Long.class)), LIMIT)
                .getFirst();
    }

    /** Entries that all journals have. */
    long journalEntries() {
        return query(WRITTEN, row -> Objects.requireNonNull(row.get(0, Long.class)), LIMIT)
                .getFirst();
    }

    /** How many runs each executor has in memory. */
    Map<String, Long> ownedRuns() {
        return query(
                        OWNED,
                        row -> Map.entry(
                                Objects.requireNonNull(row.get(0, String.class)),
                                Objects.requireNonNull(row.get(1, Long.class))),
                        LIMIT)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum));
    }

    /** Events that have not been handed over yet. */
    long waitingEvents() {
        return query(WITHOUT_RECEIPT, row -> Objects.requireNonNull(row.get(0, Long.class)), LIMIT)
                .getFirst();
    }

    /** The runs of the workflow {@code drill/name}. */
    List<Run> runs(String name) {
        return query(RUNS, statement -> statement.bind(0, name), Ledger::run, LIMIT);
    }

    /** The outcomes of calls in the journals of some runs. */
    List<Outcome> outcomes(List<Run> runs) {
        Set<UUID> ids = runs.stream().map(Run::id).collect(Collectors.toUnmodifiableSet());
        return query(OUTCOMES, this::outcome, LIMIT).stream()
                .filter(outcome -> ids.contains(outcome.runId()))
                .toList();
    }

    /** The leases that ran out, killed or not: what their nodes had under way then may have been repeated. */
    List<Kill> lapses() {
        return query(LAPSES, Ledger::lapse, LIMIT);
    }

    @Override
    public void close() {
        postgres.close();
    }

    private static Run run(Readable row) {
        JsonNode input = Json.trusted(Objects.requireNonNull(row.get(3, byte[].class)));
        byte @Nullable [] output = row.get(4, byte[].class);
        return new Run(
                Objects.requireNonNull(row.get(0, UUID.class)),
                row.get(1, UUID.class),
                (input.isArray() ? input.path(0) : input).path("number").asInt(-1),
                Objects.requireNonNull(row.get(2, String.class)),
                output == null ? null : Json.trusted(output));
    }

    /** Its node starts no call after its lease, and what it commits later than that nobody else repeats. */
    private static Kill lapse(Readable row) {
        Instant end = Objects.requireNonNull(row.get(1, Instant.class));
        return new Kill(row.get(0) + " lost its lease", true, end, end.plus(Kill.UNREAD), 0, null);
    }

    private Outcome outcome(Readable row) {
        UUID run = Objects.requireNonNull(row.get(0, UUID.class));
        boolean good = Objects.requireNonNull(row.get(2, Short.class)) == 1;
        byte @Nullable [] payload = row.get(3, byte[].class);
        return new Outcome(
                run,
                key(run, Objects.requireNonNull(row.get(1, String.class))),
                good && payload != null ? Json.trusted(payload).path("call").asLong(0) : 0,
                Objects.requireNonNull(row.get(4, Instant.class), "track_commit_timestamp is off"));
    }

    /** HMAC over run, generation 0 and path, as upstreams have come to know it. */
    private String key(UUID run, String path) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(masterKey, "HmacSHA256"));
            mac.update(ByteBuffer.allocate(20)
                    .putLong(run.getMostSignificantBits())
                    .putLong(run.getLeastSignificantBits())
                    .putInt(0)
                    .flip());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(path.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> List<T> query(String sql, Function<Readable, T> read, Duration limit) {
        return query(sql, statement -> statement, read, limit);
    }

    private <T> List<T> query(String sql, UnaryOperator<Statement> bind, Function<Readable, T> read, Duration limit) {
        return Flux.usingWhen(
                        postgres.pool(DatabaseRole.ENGINE).create(),
                        connection -> Flux.from(bind.apply(connection.createStatement(sql))
                                        .execute())
                                .concatMap(result -> result.map(read)),
                        Connection::close)
                .collectList()
                .blockOptional(limit)
                .orElseThrow();
    }
}
