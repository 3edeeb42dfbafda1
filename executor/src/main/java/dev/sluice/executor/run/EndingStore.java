package dev.sluice.executor.run;

import dev.sluice.executor.journal.Closing;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Stored;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.ByteaColumn;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.KeptStatement;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** SQL that moves ended runs to history, many at once. */
final class EndingStore implements GroupCommit.Flush<EndingStore.Ending, EndingStore.Ended> {

    /**
     * With a run end its subscriptions, and the runs it awaits; the run that awaits it has news. What its journal has held
     * back for this is written. What a faulted run has consumed stays known, since it may be taken up again. Whoever listens
     * for such ends is told, of a completed run with its output unless that is large.
     */
    static final String END = end("");

    /** The same with further events about the run, for whoever listens for these. */
    private static final String END_TELLING = end("""
            , others as (
                insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope)
                select o.id, g.organization_id, g.id, o.depth, o.source, o.type, decode(o.envelope, 'base64')
                from unnest($25::uuid[], $26::uuid[], $27::int[], $28::text[], $29::text[], $30::text[])
                    as o(run_id, id, depth, source, type, envelope)
                join gone g on g.id = o.run_id
                where workflow.is_heard(g.organization_id, o.type)
                on conflict do nothing
            )""");

    private static String end(String further) {
        return """
            with alive as materialized (
                select id from workflow.node where id = any($2) and not dead for key share
            ), ending as materialized (
                select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[],
                        $8::timestamptz[], $9::text[], $10::text[], $12::uuid[], $21::uuid[], $22::text[], $24::int[])
                    as t(run_id, node, epoch, status, output, error, end_seq, finished_at, fault_path, error_type,
                        organization_id, told_id, told, told_depth)
            ), gone as (
                delete from workflow.run r using ending e, alive a
                where r.id = e.run_id and r.organization_id = e.organization_id
                    and r.node is not distinct from e.node and r.epoch = e.epoch and a.id = e.node
                returning r.id, r.organization_id, r.definition_id, e.status, r.event_id, r.event_ids, r.scheduled_at, r.input,
                    decode(case e.output when '' then $11 else e.output end, 'base64') as output,
                    decode(e.error, 'base64') as error, r.generation, e.end_seq,
                    r.created_at, r.started_at, e.finished_at, r.epoch, r.traceparent, r.reopenings, e.fault_path,
                    e.error_type, r.depth, r.parent_id, r.awaited, r.priority, r.journal_format, r.listening,
                    e.told_id, e.told, e.told_depth
            ), closing as (
                insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at, payload)
                select j.run_id, j.seq, g.organization_id, j.kind, j.path, j.task_type, j.place_hash, j.at,
                    decode(j.payload, 'base64')
                from unnest($13::uuid[], $14::int[], $15::int[], $16::text[], $17::text[], $18::int[], $19::timestamptz[],
                        $20::text[])
                    as j(run_id, seq, kind, path, task_type, place_hash, at, payload)
                join gone g on g.id = j.run_id
                on conflict (run_id, seq) do nothing
            ), again as (
                update workflow.schedule s
                set next_at = g.finished_at + s.again_after_ms * interval '1 millisecond', awaited = null
                from gone g
                where s.awaited = any(array(select id from gone where scheduled_at is not null)) and s.awaited = g.id
            ), parents as (
                update workflow.run p
                set news = true, wake_at = case when p.node is null and p.status = 'waiting' then now() else p.wake_at end
                where p.id = any(array(select parent_id from gone where awaited)) and p.id <> all($1)
            ), orphans as (
                update workflow.run c
                set cancel_requested_at = coalesce(c.cancel_requested_at, now()),
                    wake_at = case when c.node is null then now() else c.wake_at end
                where c.parent_id = any(array(select id from gone)) and c.awaited and c.id <> all($1)
            ), silent as (
                delete from workflow.listener l where l.run_id = any(array(select id from gone where listening))
            ), dropped as (
                delete from workflow.heard h where h.run_id = any(array(select id from gone where listening))
            ), forgotten as (
                delete from workflow.consumed c
                where c.run_id = any(array(select id from gone where listening and status <> 'faulted'))
            ), told as (
                insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope)
                select g.told_id, g.organization_id, g.id, g.told_depth, 'urn:sluice:run:' || g.id, t.type,
                    case when g.status = 'completed' and octet_length(g.output) <= $23
                        then substring(decode(g.told, 'base64') for octet_length(decode(g.told, 'base64')) - 2)
                            || convert_to(',"output":', 'UTF8') || g.output || convert_to('}}', 'UTF8')
                        else decode(g.told, 'base64') end
                from gone g cross join lateral (
                    select 'io.serverlessworkflow.workflow.' || g.status || '.v1' as type offset 0) t
                where g.told is not null and workflow.is_heard(g.organization_id, t.type)
                on conflict do nothing
                returning run_id
            ), history as (
                insert into workflow.run_history (id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, input, output,
                    error, generation, end_seq, created_at, started_at, finished_at, epoch, traceparent, reopenings, fault_path,
                    error_type, depth, parent_id, awaited, priority, journal_format)
                select id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, input, output, error, generation,
                    end_seq, created_at, started_at, finished_at, epoch, traceparent, reopenings, fault_path, error_type, depth,
                    parent_id, awaited, priority, journal_format
                from gone
                returning id
            )""" + further + """

            select h.id, exists (select from told t where t.run_id = h.id) as told from history h
            """;
    }

    private static final KeptStatement KEPT_END = new KeptStatement(END);
    private static final KeptStatement KEPT_END_TELLING = new KeptStatement(END_TELLING);

    /** An end counts as this one if it says the same: another owner's has another instant. */
    private static final String PRESENT = """
            select h.id from unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[]) as t(id, status, end_seq, finished_at)
            join workflow.run_history h on h.id = t.id and h.status = t.status and h.end_seq = t.end_seq
                and h.finished_at = t.finished_at
            """;

    private final ConnectionPool pool;

    EndingStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** What became of an end. */
    enum Ended {
        /** It is stored, and others are told of it. */
        TOLD,
        /** It is stored, and nobody listens; or some time ago, which the reconciler looks after. */
        STORED,
        /** It is not, since the run is not its node's any more. */
        NOT_OWNED
    }

    /**
     * The end of a run, as its owner says it and as it is stored.
     *
     * @param told its event, for whoever listens; absent when nobody shall be told
     */
    record Ending(
            ClaimedRun run,
            RunEnd end,
            @Nullable EncodedJson output,
            @Nullable EncodedJson error,
            @Nullable Emission told,
            Closing closing) {

        static Ending of(ClaimedRun run, RunEnd end, @Nullable Emission told, Closing closing) {
            return new Ending(run, end, encoded(end.output()), encoded(end.error()), told, closing);
        }

        private Stream<Line> lines() {
            return IntStream.range(0, closing.entries().size())
                    .mapToObj(i -> new Line(
                            run.id(),
                            closing.entries().get(i),
                            closing.payloads().get(i)));
        }

        private Stream<Other> others() {
            return closing.told().stream().map(event -> new Other(run.id(), event));
        }

        private static @Nullable EncodedJson encoded(@Nullable JsonNode value) {
            return value == null ? null : EncodedJson.of(value);
        }
    }

    /** An event of a run that is written with its end. */
    private record Other(UUID runId, Stored event) {}

    /** An entry that is written with the end of its run. */
    private record Line(UUID runId, Entry entry, EncodedJson payload) {}

    @Override
    public long bytes(Ending ending) {
        return size(ending.output())
                + (long) size(ending.error())
                + ending.closing().bytes()
                + ending.closing().told().stream()
                        .mapToLong(event -> event.envelope().size())
                        .sum();
    }

    @Override
    public Mono<List<Ended>> write(List<Ending> batch) {
        return Mono.usingWhen(pool.create(), connection -> end(connection, batch), Connection::close);
    }

    @Override
    public Mono<List<Optional<Ended>>> readBack(List<Ending> batch) {
        return Mono.usingWhen(pool.create(), connection -> present(connection, batch), Connection::close)
                .map(found -> batch.stream()
                        .map(ending ->
                                found.contains(ending.run().id()) ? Optional.of(Ended.STORED) : Optional.<Ended>empty())
                        .toList());
    }

    /** What was not there to be ended may have been ended by an earlier try, whose answer got lost. */
    private static Mono<List<Ended>> end(Connection connection, List<Ending> batch) {
        return move(connection, batch).flatMap(ended -> {
            List<Ending> others = batch.stream()
                    .filter(ending -> !ended.containsKey(ending.run().id()))
                    .toList();
            Mono<Set<UUID>> before = others.isEmpty() ? Mono.just(Set.of()) : present(connection, others);
            return before.map(known -> batch.stream()
                    .map(ending -> ending.run().id())
                    .map(id -> ended.getOrDefault(id, known.contains(id) ? Ended.STORED : Ended.NOT_OWNED))
                    .toList());
        });
    }

    private static Mono<Map<UUID, Ended>> move(Connection connection, List<Ending> batch) {
        ByteaColumn outputs = outputs(batch);
        List<Line> lines = batch.stream().flatMap(Ending::lines).toList();
        List<Other> others = batch.stream().flatMap(Ending::others).toList();
        Statement statement =
                others.isEmpty() ? KEPT_END.on(connection) : bindOthers(KEPT_END_TELLING.on(connection), others);
        return Flux.from(statement
                        .bind(0, batch.stream().map(e -> e.run().id()).toArray(UUID[]::new))
                        .bind(1, batch.stream().map(e -> e.run().node()).toArray(UUID[]::new))
                        .bind(2, batch.stream().map(e -> e.run().epoch()).toArray(Integer[]::new))
                        .bind(3, statuses(batch))
                        .bind(4, outputs.elements())
                        .bind(5, batch.stream().map(e -> text(e.error())).toArray(String[]::new))
                        .bind(6, batch.stream().map(e -> e.end().seq()).toArray(Integer[]::new))
                        .bind(7, instants(batch))
                        .bind(8, batch.stream().map(e -> e.end().origin()).toArray(String[]::new))
                        .bind(9, batch.stream().map(e -> errorType(e.end())).toArray(String[]::new))
                        .bind(10, outputs.apart())
                        .bind(
                                11,
                                batch.stream()
                                        .map(e -> e.run().organization().value())
                                        .toArray(UUID[]::new))
                        .bind(12, lines.stream().map(Line::runId).toArray(UUID[]::new))
                        .bind(13, lines.stream().map(line -> line.entry().seq()).toArray(Integer[]::new))
                        .bind(
                                14,
                                lines.stream()
                                        .map(line -> line.entry().kind().code())
                                        .toArray(Integer[]::new))
                        .bind(
                                15,
                                lines.stream().map(line -> line.entry().path()).toArray(String[]::new))
                        .bind(
                                16,
                                lines.stream()
                                        .map(line -> line.entry().taskType())
                                        .toArray(String[]::new))
                        .bind(
                                17,
                                lines.stream()
                                        .map(line -> line.entry().placeHash())
                                        .toArray(Integer[]::new))
                        .bind(
                                18,
                                lines.stream()
                                        .map(line -> line.entry().at().atOffset(ZoneOffset.UTC))
                                        .toArray(OffsetDateTime[]::new))
                        .bind(
                                19,
                                lines.stream()
                                        .map(line ->
                                                Bytea.element(line.payload().text()))
                                        .toArray(String[]::new))
                        .bind(20, batch.stream().map(EndingStore::toldId).toArray(UUID[]::new))
                        .bind(21, batch.stream().map(EndingStore::told).toArray(String[]::new))
                        .bind(22, RunEvents.MOST_OUTPUT)
                        .bind(23, batch.stream().map(EndingStore::toldDepth).toArray(Integer[]::new))
                        .execute())
                .concatMap(result -> result.map(row -> Map.entry(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        Boolean.TRUE.equals(row.get(1, Boolean.class)) ? Ended.TOLD : Ended.STORED)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Statement bindOthers(Statement statement, List<Other> others) {
        return statement
                .bind(24, others.stream().map(Other::runId).toArray(UUID[]::new))
                .bind(25, others.stream().map(other -> other.event().id()).toArray(UUID[]::new))
                .bind(26, others.stream().map(other -> other.event().depth()).toArray(Integer[]::new))
                .bind(27, others.stream().map(other -> other.event().source()).toArray(String[]::new))
                .bind(28, others.stream().map(other -> other.event().type()).toArray(String[]::new))
                .bind(
                        29,
                        others.stream()
                                .map(other ->
                                        Bytea.element(other.event().envelope().text()))
                                .toArray(String[]::new));
    }

    private static @Nullable UUID toldId(Ending ending) {
        return ending.told() == null ? null : ending.told().id();
    }

    private static @Nullable Integer toldDepth(Ending ending) {
        return ending.told() == null ? null : ending.told().depth();
    }

    private static @Nullable String told(Ending ending) {
        return ending.told() == null ? null : text(EncodedJson.of(ending.told().event()));
    }

    private static ByteaColumn outputs(List<Ending> batch) {
        List<byte @Nullable []> values = new ArrayList<>();
        batch.forEach(ending ->
                values.add(ending.output() == null ? null : ending.output().text()));
        return ByteaColumn.of(values);
    }

    private static Mono<Set<UUID>> present(Connection connection, List<Ending> batch) {
        return ids(connection
                .createStatement(PRESENT)
                .bind(0, batch.stream().map(e -> e.run().id()).toArray(UUID[]::new))
                .bind(1, statuses(batch))
                .bind(2, batch.stream().map(e -> e.end().seq()).toArray(Integer[]::new))
                .bind(3, instants(batch))
                .execute());
    }

    private static String[] statuses(List<Ending> batch) {
        return batch.stream().map(e -> e.end().status().text()).toArray(String[]::new);
    }

    private static OffsetDateTime[] instants(List<Ending> batch) {
        return batch.stream().map(e -> e.end().at().atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new);
    }

    private static Mono<Set<UUID>> ids(Publisher<? extends Result> results) {
        return Flux.from(results)
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, UUID.class))))
                .collect(Collectors.toSet());
    }

    /** What failed runs are found by. */
    private static @Nullable String errorType(RunEnd end) {
        JsonNode type = end.error() == null ? null : end.error().get("type");
        // PostgreSQL's text has no NUL, and no such type is worth losing an end for.
        return type == null || !type.isString() ? null : type.asString().replace("\0", "");
    }

    private static @Nullable String text(@Nullable EncodedJson value) {
        return value == null ? null : Bytea.element(value.text());
    }

    private static int size(@Nullable EncodedJson value) {
        return value == null ? 0 : value.size();
    }
}
