package dev.sluice.executor.journal;

import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.ByteaColumn;
import dev.sluice.shared.postgres.KeptStatement;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL that appends entries of many runs to {@code workflow.journal}, with what they stand for. */
final class JournalAppend {

    /**
     * The owner's row is locked against being declared dead until this commits, and each run must still be its owner's:
     * what a paused node writes late finds neither. A row that is there already was written by an earlier try.
     *
     * <p>A run is to be found by its id: by its organization too, since an index begins with that, but not by its node,
     * which has as many as there are in memory.
     */
    static final String APPEND = """
            with alive as materialized (
                select id from workflow.node where id = any($1) and not dead for key share
            )
            insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
            select t.run_id, t.seq, t.organization_id, t.kind, t.path, t.task_type, t.place_hash, t.at,
                decode(case t.payload when '' then $12 else t.payload end, 'base64')
            from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[],
                    $9::int[], $10::timestamptz[], $11::text[])
                as t(node, epoch, run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
            join alive on alive.id = t.node
            join workflow.run r on r.id = t.run_id and r.organization_id = t.organization_id
                and r.node is not distinct from t.node and r.epoch = t.epoch
            on conflict (run_id, seq) do nothing
            """;

    /**
     * The same for entries that stand for more than themselves, in the transaction of the entry that says so: an event that is
     * emitted is stored, and one about the run where somebody listens for it, unless it was before a crash; one that is
     * consumed is noted, and a subscription that has heard enough ends. What is deleted is found by its key, entry by
     * entry, and then by its place: such rows are never altered.
     */
    static final String APPEND_EVENTS = """
            with alive as materialized (
                select id from workflow.node where id = any($1) and not dead for key share
            ), owned as materialized (
                select t.*, r.depth
                from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[],
                        $9::int[], $10::timestamptz[], $11::text[])
                    as t(node, epoch, run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
                join alive on alive.id = t.node
                join workflow.run r on r.id = t.run_id and r.organization_id = t.organization_id
                    and r.node is not distinct from t.node and r.epoch = t.epoch
            ), written as (
                insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
                select run_id, seq, organization_id, kind, path, task_type, place_hash, at,
                    decode(case payload when '' then $12 else payload end, 'base64')
                from owned
                on conflict (run_id, seq) do nothing
                returning run_id, seq
            ), emitted as (
                insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope)
                select e.id, o.organization_id, o.run_id, coalesce(e.depth, o.depth), e.source, e.type, decode(e.envelope, 'base64')
                from unnest($13::uuid[], $14::int[], $15::uuid[], $16::text[], $17::text[], $18::text[], $24::boolean[],
                        $25::int[])
                    as e(run_id, seq, id, source, type, envelope, conditional, depth)
                join written using (run_id, seq) join owned o using (run_id, seq)
                where not e.conditional or workflow.is_heard(o.organization_id, e.type)
                on conflict do nothing
            ), heard as materialized (
                select h.*, o.organization_id
                from unnest($19::uuid[], $20::int[], $21::uuid[], $22::uuid[], $23::boolean[])
                    as h(run_id, seq, subscription, event_id, last)
                join written using (run_id, seq) join owned o using (run_id, seq)
            ), consumed as (
                insert into workflow.consumed (run_id, event_id, organization_id)
                select run_id, event_id, organization_id from heard
                on conflict do nothing
            ), silent as (
                delete from workflow.listener l using (
                    select of_one.ctid as place from heard h cross join lateral (
                        select ctid from workflow.listener
                        where run_id = h.run_id and subscription = h.subscription offset 0) of_one
                    where h.last) ended
                where l.ctid = ended.place
            ), dropped as (
                delete from workflow.heard w using (
                    select distinct of_one.ctid as place from heard h cross join lateral (
                        select ctid from workflow.heard
                        where run_id = h.run_id and subscription = h.subscription
                            and (h.last or event_id = h.event_id) offset 0) of_one) over
                where w.ctid = over.place
            )
            select count(*) from written
            """;

    private static final KeptStatement KEPT_APPEND = new KeptStatement(APPEND);
    private static final KeptStatement KEPT_APPEND_EVENTS = new KeptStatement(APPEND_EVENTS);

    private JournalAppend() {}

    /**
     * Appends the rows in one statement; whether each of their entries is there because of it. Which are not is asked only
     * then, so that nothing is sent back for each of them.
     */
    static Mono<Boolean> of(Connection connection, List<JournalRow> batch) {
        List<Line> lines = batch.stream()
                .flatMap(row -> row.lines().stream().map(line -> new Line(row, line)))
                .toList();
        return written(connection, lines).map(count -> count == lines.size());
    }

    private static Mono<Long> written(Connection connection, List<Line> lines) {
        List<Told> told = lines.stream()
                .flatMap(line -> line.line().stored().stream().map(event -> new Told(line, event)))
                .toList();
        List<Line> heard = lines.stream()
                .filter(line -> line.entry().kind() == EntryKind.HEARD)
                .toList();
        if (told.isEmpty() && heard.isEmpty()) {
            return Flux.from(bind(KEPT_APPEND.on(connection), lines).execute())
                    .concatMap(Result::getRowsUpdated)
                    .reduce(0L, Long::sum);
        }
        Statement statement = bind(KEPT_APPEND_EVENTS.on(connection), lines);
        return Flux.from(bindHeard(bindTold(statement, told), heard).execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Long.class))))
                .single();
    }

    private static Statement bind(Statement statement, List<Line> lines) {
        ByteaColumn payloads = payloads(lines);
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
                .bind(10, payloads.elements())
                .bind(11, payloads.apart());
    }

    private static Statement bindTold(Statement statement, List<Told> told) {
        return statement
                .bind(12, column(told, one -> one.line().row().runId(), UUID[]::new))
                .bind(13, column(told, one -> one.line().entry().seq(), Integer[]::new))
                .bind(14, column(told, one -> one.event().id(), UUID[]::new))
                .bind(15, column(told, one -> one.event().source(), String[]::new))
                .bind(16, column(told, one -> one.event().type(), String[]::new))
                .bind(
                        17,
                        column(told, one -> Bytea.element(one.event().envelope().text()), String[]::new))
                .bind(23, column(told, one -> one.event().conditional(), Boolean[]::new))
                .bind(24, column(told, one -> one.event().depth(), Integer[]::new));
    }

    private static Statement bindHeard(Statement statement, List<Line> lines) {
        List<Hearing> hearings =
                lines.stream().map(line -> Hearing.of(line.entry().payload())).toList();
        return statement
                .bind(18, column(lines, line -> line.row().runId(), UUID[]::new))
                .bind(19, column(lines, line -> line.entry().seq(), Integer[]::new))
                .bind(20, column(hearings, Hearing::subscription, UUID[]::new))
                .bind(21, column(hearings, Hearing::event, UUID[]::new))
                .bind(22, column(hearings, Hearing::last, Boolean[]::new));
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static ByteaColumn payloads(List<Line> lines) {
        List<byte @Nullable []> values = new ArrayList<>();
        lines.forEach(line -> values.add(line.payload()));
        return ByteaColumn.of(values);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** An event with the entry that it is stored with. */
    private record Told(Line line, Stored event) {}

    private record Line(JournalRow row, JournalRow.Line line) {

        Entry entry() {
            return line.entry();
        }

        byte[] payload() {
            return line.payload().text();
        }
    }
}
