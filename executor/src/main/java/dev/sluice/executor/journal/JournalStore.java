package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommit;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.journal}. */
final class JournalStore implements GroupCommit.Flush<JournalRow, Boolean> {

    /** A row of the same number counts only if it is the one that was written, and by who still owns the run. */
    private static final String READ_BACK = """
            select j.run_id, j.seq
            from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::text[])
                as t(run_id, seq, node, epoch, path)
            join workflow.run r on r.id = t.run_id and r.node is not distinct from t.node and r.epoch = t.epoch
            join workflow.journal j on j.run_id = t.run_id and j.seq = t.seq and j.path = t.path
            where r.id = any($1)
            """;

    private static final String HEADINGS = """
            select seq, kind, path, place_hash, case when kind = 10 then payload end as reopening, octet_length(payload)
            from workflow.journal where run_id = $1 order by seq
            """;

    private static final String FORGET = """
            delete from workflow.journal where run_id = $1 and seq = any($2)
            """;

    private static final String LOAD_SOME = """
            select seq, kind, path, task_type, place_hash, at, payload
            from workflow.journal where run_id = $1 and seq = any($2) order by seq
            """;

    /** By their paths, where a scan of the run's entries comes by them. */
    private static final String SPOILED = """
            select left(path, -2) from workflow.journal where run_id = $1 and seq > $2 and kind = 5 and path like '%/z'
            """;

    /** Failures are always whole: their errors are shown. */
    private static final String LOAD = """
            select seq, kind, path, task_type, place_hash, at,
                case when kind = 2 or path like '%/z' or octet_length(payload) <= 65536 then payload else convert_to('null', 'UTF8') end
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

    /** The entries of a run after a sequence number, in order; large payloads read as null. */
    Flux<Entry> load(UUID runId, int after) {
        return query(
                connection -> connection.createStatement(LOAD).bind(0, runId).bind(1, after), JournalStore::entry);
    }

    /** Paths of tasks that failed after what they did was recorded, by checkpoints after a sequence number. */
    Flux<String> spoiled(UUID runId, int after) {
        return query(
                connection -> connection.createStatement(SPOILED).bind(0, runId).bind(1, after),
                row -> Objects.requireNonNull(row.get(0, String.class)));
    }

    /** All entries of a run without their payloads, in order. */
    Flux<Heading> headings(UUID runId) {
        return query(connection -> connection.createStatement(HEADINGS).bind(0, runId), JournalStore::heading);
    }

    /** Deletes entries of a run. */
    Mono<Void> forget(UUID runId, List<Integer> seqs) {
        return Mono.usingWhen(
                pool.create(),
                connection -> Flux.from(connection
                                .createStatement(FORGET)
                                .bind(0, runId)
                                .bind(1, seqs.toArray(Integer[]::new))
                                .execute())
                        .concatMap(Result::getRowsUpdated)
                        .then(),
                Connection::close);
    }

    /** Some entries of a run, in order. */
    Flux<Entry> some(UUID runId, Collection<Integer> seqs) {
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
        return JournalAppend.of(connection, batch)
                .flatMap(complete -> complete
                        ? Mono.just(Collections.nCopies(batch.size(), true))
                        : present(connection, batch)
                                .map(found -> batch.stream()
                                        .map(row -> found.contains(key(row)))
                                        .toList()));
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
                reopening == null ? null : Reopening.of(Json.trusted(reopening)),
                Objects.requireNonNull(row.get(5, Integer.class)));
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

    private static Key key(JournalRow row) {
        return new Key(row.runId(), row.lastSeq());
    }

    private record Key(UUID runId, int seq) {}
}
