package dev.sluice.executor.run;

import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.KeptStatement;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that creates runs started by API, many at once. */
final class CreationStore implements GroupCommit.Flush<RequestedRun, Creation> {

    /**
     * A run is of the version that is active now. With a key it is created only if the key is new, or older than a day; if
     * its node has died it waits for another.
     */
    private static final String CREATE = """
            with incoming as materialized (
                select t.id, t.organization_id, t.namespace, t.name, a.definition_id, t.node, t.input, t.traceparent,
                    t.created_at, t.format, decode(t.key_hash, 'base64') as key_hash,
                    decode(t.request_hash, 'base64') as request_hash, coalesce(t.priority, d.priority) as priority
                from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[],
                        $8::timestamptz[], $9::text[], $10::text[], $11::smallint[], $12::smallint[])
                    as t(id, organization_id, namespace, name, node, input, traceparent, created_at, key_hash,
                        request_hash, priority, format)
                join workflow.active a on a.organization_id = t.organization_id and a.namespace = t.namespace
                    and a.name = t.name
                join workflow.definition d on d.id = a.definition_id
            ), alive as materialized (
                select id from workflow.node where id in (select node from incoming) and not dead for key share
            ), claimed as (
                insert into workflow.idempotency as i
                    (organization_id, namespace, name, key_hash, request_hash, run_id, at)
                select organization_id, namespace, name, key_hash, request_hash, id, now()
                from incoming where key_hash is not null
                order by organization_id, namespace, name, key_hash
                on conflict (organization_id, namespace, name, key_hash) do update
                    set request_hash = excluded.request_hash, run_id = excluded.run_id, at = excluded.at
                    where i.at < now() - interval '24 hours'
                returning run_id
            )
            insert into workflow.run (id, organization_id, definition_id, status, input, traceparent, node, wake_at,
                created_at, started_at, priority, journal_format)
            select t.id, t.organization_id, t.definition_id,
                case when alive.id is null then 'pending' else 'running' end,
                decode(t.input, 'base64'), t.traceparent, alive.id,
                case when alive.id is null then now() end,
                t.created_at,
                case when alive.id is not null then t.created_at end,
                t.priority, t.format
            from incoming t left join alive on alive.id = t.node
            where t.key_hash is null or t.id in (select run_id from claimed)
            returning id, definition_id, priority, node is not null,
                node is not null and workflow.is_heard(organization_id, 'io.serverlessworkflow.workflow.started.v1'),
                node is not null and workflow.is_watched(organization_id)
            """;

    private static final KeptStatement KEPT_CREATE = new KeptStatement(CREATE);

    private static final String KEYS = """
            select i.organization_id, i.namespace, i.name, i.key_hash, i.request_hash, i.run_id
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t(organization_id, namespace, name, key_hash)
            join workflow.idempotency i on i.organization_id = t.organization_id and i.namespace = t.namespace
                and i.name = t.name and i.key_hash = decode(t.key_hash, 'base64')
            """;

    /**
     * A key counts for 24 hours. It stays an hour longer, so that it cannot vanish between a statement that found it young
     * enough and the next one, which asks whose it is.
     */
    static final Retention.Rule RETENTION = new Retention.Rule("idempotency keys", """
            with gone as (
                delete from workflow.idempotency where (organization_id, namespace, name, key_hash) in (
                    select organization_id, namespace, name, key_hash from workflow.idempotency
                    where at < now() - interval '25 hours'
                    order by at limit $1 for update skip locked)
                returning 1)
            select count(*) from gone
            """);

    private static final String PRESENT = """
            select r.id, r.definition_id, r.priority, r.node = t.node and r.epoch = 0,
                workflow.is_heard(r.organization_id, 'io.serverlessworkflow.workflow.started.v1'),
                workflow.is_watched(r.organization_id)
            from unnest($1::uuid[], $2::uuid[]) as t(id, node) join workflow.run r on r.id = t.id
            where r.id = any($1)
            union all
            select id, definition_id, null::smallint, false, false, false from workflow.run_history where id = any($1)
            """;

    private final ConnectionPool pool;

    CreationStore(ConnectionPool pool) {
        this.pool = pool;
    }

    @Override
    public long bytes(RequestedRun run) {
        return run.input().size();
    }

    @Override
    public Mono<List<Creation>> write(List<RequestedRun> batch) {
        return Mono.usingWhen(
                pool.create(),
                connection ->
                        create(connection, firstOfEachKey(batch)).flatMap(ids -> outcomes(connection, batch, ids)),
                Connection::close);
    }

    @Override
    public Mono<List<Optional<Creation>>> readBack(List<RequestedRun> batch) {
        return Mono.usingWhen(pool.create(), connection -> ids(select(connection, PRESENT, batch)), Connection::close)
                .map(present -> batch.stream()
                        .map(run -> Optional.<Creation>ofNullable(present.get(run.id())))
                        .toList());
    }

    /** Two starts with one key in one batch: the first is created, the other is answered from what is stored. */
    private static List<RequestedRun> firstOfEachKey(List<RequestedRun> batch) {
        Set<Key> seen = new HashSet<>();
        return batch.stream()
                .filter(run -> run.idempotency() == null || seen.add(key(run, run.idempotency())))
                .toList();
    }

    private static Mono<Map<UUID, Creation.Created>> create(Connection connection, List<RequestedRun> runs) {
        Statement statement = KEPT_CREATE
                .on(connection)
                .bind(0, column(runs, RequestedRun::id, UUID[]::new))
                .bind(1, column(runs, run -> run.organization().value(), UUID[]::new))
                .bind(2, column(runs, RequestedRun::namespace, String[]::new))
                .bind(3, column(runs, RequestedRun::name, String[]::new))
                .bind(4, column(runs, RequestedRun::node, UUID[]::new))
                .bind(5, column(runs, run -> Bytea.element(run.input().text()), String[]::new))
                .bind(6, column(runs, RequestedRun::traceparent, String[]::new))
                .bind(7, column(runs, run -> run.createdAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new))
                .bind(8, column(runs, CreationStore::keyHash, String[]::new))
                .bind(9, column(runs, CreationStore::requestHash, String[]::new))
                .bind(10, column(runs, CreationStore::priority, Short[]::new))
                .bind(11, column(runs, run -> (short) run.format().number(), Short[]::new));
        return ids(statement.execute());
    }

    private static Mono<List<Creation>> outcomes(
            Connection connection, List<RequestedRun> batch, Map<UUID, Creation.Created> created) {
        List<RequestedRun> repeated = batch.stream()
                .filter(run -> run.idempotency() != null && !created.containsKey(run.id()))
                .toList();
        Mono<Map<Key, Known>> former = repeated.isEmpty() ? Mono.just(Map.of()) : known(connection, repeated);
        return former.map(
                known -> batch.stream().map(run -> outcome(run, created, known)).toList());
    }

    private static Creation outcome(RequestedRun run, Map<UUID, Creation.Created> created, Map<Key, Known> known) {
        Creation.Created now = created.get(run.id());
        Idempotency idempotency = run.idempotency();
        Known former = now != null || idempotency == null ? null : known.get(key(run, idempotency));
        if (now != null) {
            return now;
        }
        if (former == null || idempotency == null) {
            return Creation.UNKNOWN;
        }
        return former.requestHash().equals(idempotency.requestHash())
                ? new Creation.Repeated(former.runId())
                : Creation.MISMATCHED;
    }

    private static Mono<Map<Key, Known>> known(Connection connection, List<RequestedRun> runs) {
        Statement statement = connection
                .createStatement(KEYS)
                .bind(0, column(runs, run -> run.organization().value(), UUID[]::new))
                .bind(1, column(runs, RequestedRun::namespace, String[]::new))
                .bind(2, column(runs, RequestedRun::name, String[]::new))
                .bind(3, column(runs, CreationStore::keyHash, String[]::new));
        return Flux.from(statement.execute())
                .concatMap(result -> result.map(row -> Map.entry(
                        new Key(
                                Objects.requireNonNull(row.get(0, UUID.class)),
                                Objects.requireNonNull(row.get(1, String.class)),
                                Objects.requireNonNull(row.get(2, String.class)),
                                ByteBuffer.wrap(Objects.requireNonNull(row.get(3, byte[].class)))),
                        new Known(
                                ByteBuffer.wrap(Objects.requireNonNull(row.get(4, byte[].class))),
                                Objects.requireNonNull(row.get(5, UUID.class))))))
                .collect(HashMap::new, (map, entry) -> map.put(entry.getKey(), entry.getValue()));
    }

    private static Publisher<? extends Result> select(Connection connection, String sql, List<RequestedRun> runs) {
        return connection
                .createStatement(sql)
                .bind(0, column(runs, RequestedRun::id, UUID[]::new))
                .bind(1, column(runs, RequestedRun::node, UUID[]::new))
                .execute();
    }

    private static Mono<Map<UUID, Creation.Created>> ids(Publisher<? extends Result> results) {
        return Flux.from(results)
                .concatMap(result -> result.map(row -> Map.entry(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        new Creation.Created(
                                Objects.requireNonNull(row.get(1, UUID.class)),
                                row.get(2, Integer.class),
                                Boolean.TRUE.equals(row.get(3, Boolean.class)),
                                new Listeners(
                                        Boolean.TRUE.equals(row.get(4, Boolean.class)),
                                        Boolean.TRUE.equals(row.get(5, Boolean.class)))))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static <T extends @Nullable Object> Object column(
            List<RequestedRun> runs, Function<RequestedRun, T> value, IntFunction<T[]> array) {
        return runs.stream().map(value).toArray(array);
    }

    private static Key key(RequestedRun run, Idempotency idempotency) {
        return new Key(run.organization().value(), run.namespace(), run.name(), idempotency.keyHash());
    }

    private static @Nullable String keyHash(RequestedRun run) {
        return run.idempotency() == null
                ? null
                : Bytea.element(bytes(run.idempotency().keyHash()));
    }

    private static @Nullable Short priority(RequestedRun run) {
        return run.priority() == null ? null : run.priority().shortValue();
    }

    private static @Nullable String requestHash(RequestedRun run) {
        return run.idempotency() == null
                ? null
                : Bytea.element(bytes(run.idempotency().requestHash()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private record Key(UUID organization, String namespace, String name, ByteBuffer keyHash) {}

    private record Known(ByteBuffer requestHash, UUID runId) {}
}
