package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.GroupCommit;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.journal}. */
final class JournalStore implements GroupCommit.Flush<JournalRow, Boolean> {

    /**
     * The owner's row is locked against being declared dead until this commits, and each run must still be its owner's:
     * what a paused node writes late finds neither. A row that is there already was written by an earlier try.
     */
    private static final String APPEND = """
            with alive as materialized (
                select id from workflow.node where id = any($1) and not dead for key share
            )
            insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
            select t.run_id, t.seq, t.organization_id, t.kind, t.path, t.task_type, t.place_hash, t.at,
                decode(t.payload, 'base64')
            from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[],
                    $9::int[], $10::timestamptz[], $11::text[])
                as t(node, epoch, run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
            join alive on alive.id = t.node
            join workflow.run r on r.id = t.run_id and r.node = t.node and r.epoch = t.epoch
            on conflict (run_id, seq) do nothing
            returning run_id, seq
            """;

    /**
     * The same for entries that stand for more than themselves: an event that is emitted is stored, one that is consumed is
     * noted, and a subscription that has heard enough ends, in the transaction of the entry that says so.
     */
    private static final String APPEND_EVENTS = """
            with alive as materialized (
                select id from workflow.node where id = any($1) and not dead for key share
            ), owned as materialized (
                select t.*, r.depth
                from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[],
                        $9::int[], $10::timestamptz[], $11::text[])
                    as t(node, epoch, run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
                join alive on alive.id = t.node
                join workflow.run r on r.id = t.run_id and r.node = t.node and r.epoch = t.epoch
            ), written as (
                insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
                select run_id, seq, organization_id, kind, path, task_type, place_hash, at, decode(payload, 'base64')
                from owned
                on conflict (run_id, seq) do nothing
                returning run_id, seq
            ), emitted as (
                insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope)
                select e.id, o.organization_id, o.run_id, o.depth, e.source, e.type, decode(e.envelope, 'base64')
                from unnest($12::uuid[], $13::int[], $14::uuid[], $15::text[], $16::text[], $17::text[])
                    as e(run_id, seq, id, source, type, envelope)
                join written using (run_id, seq) join owned o using (run_id, seq)
            ), heard as materialized (
                select h.*, o.organization_id
                from unnest($18::uuid[], $19::int[], $20::uuid[], $21::uuid[], $22::boolean[])
                    as h(run_id, seq, subscription, event_id, last)
                join written using (run_id, seq) join owned o using (run_id, seq)
            ), consumed as (
                insert into workflow.consumed (run_id, event_id, organization_id)
                select run_id, event_id, organization_id from heard
                on conflict do nothing
            ), silent as (
                delete from workflow.listener l using heard h
                where h.last and l.run_id = h.run_id and l.subscription = h.subscription
            ), dropped as (
                delete from workflow.heard w using heard h
                where w.run_id = h.run_id and w.subscription = h.subscription and (h.last or w.event_id = h.event_id)
            )
            select run_id, seq from written
            """;

    /** A row of the same number counts only if it is the one that was written, and by who still owns the run. */
    private static final String READ_BACK = """
            select j.run_id, j.seq
            from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::text[])
                as t(run_id, seq, node, epoch, path)
            join workflow.run r on r.id = t.run_id and r.node = t.node and r.epoch = t.epoch
            join workflow.journal j on j.run_id = t.run_id and j.seq = t.seq and j.path = t.path
            """;

    private static final String HEADINGS = """
            select seq, kind, path, place_hash, case when kind = 10 then payload end as reopening
            from workflow.journal where run_id = $1 order by seq
            """;

    private static final String LOAD_SOME = """
            select seq, kind, path, task_type, place_hash, at, payload
            from workflow.journal where run_id = $1 and seq = any($2) order by seq
            """;

    private static final String LOAD = """
            select seq, kind, path, task_type, place_hash, at, payload
            from workflow.journal where run_id = $1 and seq > $2 order by seq
            """;

    private final ConnectionPool pool;

    JournalStore(ConnectionPool pool) {
        this.pool = pool;
    }

    @Override
    public long bytes(JournalRow row) {
        return row.bytes();
    }

    /** Whether each row is committed; false when the run is not its node's any more. */
    @Override
    public Mono<List<Boolean>> write(List<JournalRow> batch) {
        return Mono.usingWhen(pool.create(), connection -> append(connection, batch), Connection::close);
    }

    @Override
    public Mono<List<Optional<Boolean>>> readBack(List<JournalRow> batch) {
        return Mono.usingWhen(pool.create(), connection -> present(connection, batch), Connection::close)
                .map(found -> batch.stream()
                        .map(row -> found.contains(key(row)) ? Optional.of(true) : Optional.<Boolean>empty())
                        .toList());
    }

    /** The entries of a run after a sequence number, in order. */
    Flux<Entry> load(UUID runId, int after) {
        return query(
                connection -> connection.createStatement(LOAD).bind(0, runId).bind(1, after), JournalStore::entry);
    }

    /**
     * The entries of a run that its reopenings and checkpoints have not superseded; the payloads of others are not even
     * read.
     *
     * @param unfolded place hashes of tasks whose checkpoints shall not count
     */
    Flux<Entry> surviving(UUID runId, Set<Integer> unfolded) {
        return query(connection -> connection.createStatement(HEADINGS).bind(0, runId), JournalStore::heading)
                .collectList()
                .map(headings -> Replay.surviving(headings, unfolded))
                .filter(seqs -> !seqs.isEmpty())
                .flatMapMany(seqs -> some(runId, seqs.values()));
    }

    private Flux<Entry> some(UUID runId, Collection<Integer> seqs) {
        return query(
                connection ->
                        connection.createStatement(LOAD_SOME).bind(0, runId).bind(1, seqs.toArray(Integer[]::new)),
                JournalStore::entry);
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                pool.create(),
                connection -> Flux.from(statement.apply(connection).execute()).concatMap(result -> result.map(mapping)),
                Connection::close);
    }

    private static Mono<List<Boolean>> append(Connection connection, List<JournalRow> batch) {
        return insert(connection, batch).flatMap(written -> {
            if (batch.stream().allMatch(row -> written.contains(key(row)))) {
                return Mono.just(batch.stream().map(row -> true).toList());
            }
            return present(connection, batch)
                    .map(found ->
                            batch.stream().map(row -> found.contains(key(row))).toList());
        });
    }

    private static Mono<Set<Key>> insert(Connection connection, List<JournalRow> batch) {
        List<Line> lines = batch.stream()
                .flatMap(row -> row.lines().stream().map(line -> new Line(row, line)))
                .toList();
        List<Line> emitted = of(EntryKind.EMITTED, lines);
        List<Line> heard = of(EntryKind.HEARD, lines);
        if (emitted.isEmpty() && heard.isEmpty()) {
            return keys(bind(connection.createStatement(APPEND), lines).execute());
        }
        Statement statement = bind(connection.createStatement(APPEND_EVENTS), lines);
        return keys(bindHeard(bindEmitted(statement, emitted), heard).execute());
    }

    private static List<Line> of(EntryKind kind, List<Line> lines) {
        return lines.stream().filter(line -> line.entry().kind() == kind).toList();
    }

    private static Statement bind(Statement statement, List<Line> lines) {
        return statement
                .bind(0, column(lines, line -> line.row().node(), UUID[]::new))
                .bind(1, column(lines, line -> line.row().epoch(), Integer[]::new))
                .bind(2, column(lines, line -> line.row().runId(), UUID[]::new))
                .bind(3, column(lines, line -> line.entry().seq(), Integer[]::new))
                .bind(4, column(lines, line -> line.row().organization().value(), UUID[]::new))
                .bind(5, column(lines, line -> line.entry().kind().code(), Integer[]::new))
                .bind(6, column(lines, line -> line.entry().path(), String[]::new))
                .bind(7, column(lines, line -> line.entry().taskType(), String[]::new))
                .bind(8, column(lines, line -> line.entry().placeHash(), Integer[]::new))
                .bind(9, column(lines, line -> utc(line.entry().at()), OffsetDateTime[]::new))
                .bind(10, column(lines, line -> Bytea.element(line.payload()), String[]::new));
    }

    private static Statement bindEmitted(Statement statement, List<Line> lines) {
        List<Emission> events =
                lines.stream().map(line -> Emission.of(line.entry().payload())).toList();
        return statement
                .bind(11, column(lines, line -> line.row().runId(), UUID[]::new))
                .bind(12, column(lines, line -> line.entry().seq(), Integer[]::new))
                .bind(13, column(events, Emission::id, UUID[]::new))
                .bind(14, column(events, event -> event.event().path("source").asString(), String[]::new))
                .bind(15, column(events, event -> event.event().path("type").asString(), String[]::new))
                .bind(
                        16,
                        column(
                                events,
                                event -> Bytea.element(
                                        EncodedJson.of(event.event()).text()),
                                String[]::new));
    }

    private static Statement bindHeard(Statement statement, List<Line> lines) {
        List<Hearing> hearings =
                lines.stream().map(line -> Hearing.of(line.entry().payload())).toList();
        return statement
                .bind(17, column(lines, line -> line.row().runId(), UUID[]::new))
                .bind(18, column(lines, line -> line.entry().seq(), Integer[]::new))
                .bind(19, column(hearings, Hearing::subscription, UUID[]::new))
                .bind(20, column(hearings, Hearing::event, UUID[]::new))
                .bind(21, column(hearings, Hearing::last, Boolean[]::new));
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static Mono<Set<Key>> present(Connection connection, List<JournalRow> batch) {
        return keys(connection
                .createStatement(READ_BACK)
                .bind(0, batch.stream().map(JournalRow::runId).toArray(UUID[]::new))
                .bind(1, batch.stream().map(JournalRow::lastSeq).toArray(Integer[]::new))
                .bind(2, batch.stream().map(JournalRow::node).toArray(UUID[]::new))
                .bind(3, batch.stream().map(JournalRow::epoch).toArray(Integer[]::new))
                .bind(4, batch.stream().map(row -> row.last().path()).toArray(String[]::new))
                .execute());
    }

    private static Mono<Set<Key>> keys(Publisher<? extends Result> results) {
        return Flux.from(results)
                .concatMap(result -> result.map(row -> new Key(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        Objects.requireNonNull(row.get(1, Integer.class)))))
                .collect(Collectors.toSet());
    }

    private static Heading heading(Readable row) {
        byte[] reopening = row.get(4, byte[].class);
        return new Heading(
                Objects.requireNonNull(row.get(0, Integer.class)),
                EntryKind.ofCode(Objects.requireNonNull(row.get(1, Integer.class))),
                Objects.requireNonNull(row.get(2, String.class)),
                Objects.requireNonNull(row.get(3, Integer.class)),
                reopening == null ? null : Reopening.of(Json.trusted(reopening)));
    }

    private static Entry entry(Readable row) {
        return new Entry(
                Objects.requireNonNull(row.get(0, Integer.class)),
                EntryKind.ofCode(Objects.requireNonNull(row.get(1, Integer.class))),
                Objects.requireNonNull(row.get(2, String.class)),
                Objects.requireNonNull(row.get(3, String.class)),
                Objects.requireNonNull(row.get(4, Integer.class)),
                Objects.requireNonNull(row.get(5, Instant.class)),
                Json.trusted(Objects.requireNonNull(row.get(6, byte[].class))));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Key key(JournalRow row) {
        return new Key(row.runId(), row.lastSeq());
    }

    private record Line(JournalRow row, JournalRow.Line line) {

        Entry entry() {
            return line.entry();
        }

        byte[] payload() {
            return line.payload().text();
        }
    }

    private record Key(UUID runId, int seq) {}
}
