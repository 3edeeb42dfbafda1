package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gathered;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.gathering.Offer;
import dev.sluice.executor.run.Listeners;
import dev.sluice.executor.run.NewRun;
import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Transactions;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of the hand-over: receipts, runs and sets written together. */
final class AcceptanceStore {

    /** A receipt that is there already lets none of its event's runs through: a second delivery changes nothing. */
    private static final String ACCEPT = """
            with alive as materialized (
                select id from workflow.node where id = any($5) and not dead for key share
            ), incoming as materialized (
                select * from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[],
                        $9::timestamptz[], $10::int[], $11::smallint[], $12::smallint[])
                    as t(id, definition_id, node, event_id, organization_id, input, created_at, depth, priority, format)
            ), receipt as (
                insert into workflow.inbox (event_id, organization_id, run_ids)
                select e.event_id, e.organization_id,
                    coalesce((select array_agg(i.id) from incoming i where i.event_id = e.event_id), '{}')
                from unnest($1::uuid[], $2::uuid[]) as e(event_id, organization_id)
                order by e.event_id
                on conflict (event_id) do nothing
                returning event_id
            ), started as (
                insert into workflow.run (id, organization_id, definition_id, status, event_id, input, node, wake_at,
                    created_at, started_at, depth, priority, journal_format)
                select t.id, t.organization_id, t.definition_id,
                    case when alive.id is null then 'pending' else 'running' end,
                    t.event_id, decode(t.input, 'base64'), alive.id,
                    case when alive.id is null then now() end,
                    t.created_at,
                    case when alive.id is not null then t.created_at end, t.depth, t.priority, t.format
                from incoming t join receipt on receipt.event_id = t.event_id left join alive on alive.id = t.node
                on conflict (id) do nothing
                returning id, organization_id, node is not null as owned,
                    node is not null and workflow.is_heard(organization_id, 'io.serverlessworkflow.workflow.started.v1') as heard,
                    node is not null and workflow.is_watched(organization_id) as watched
            ), counted as (
                insert into workflow.started as s (organization_id, day, shard, runs)
                select organization_id, (now() at time zone 'utc')::date, pg_backend_pid(), count(*) from started
                group by organization_id
                on conflict (organization_id, day, shard) do update set runs = s.runs + excluded.runs
            )
            select id as run_id, owned, heard, watched, null::uuid as event_id from started
            union all
            select null, false, false, false, event_id from receipt where event_id = any($13)
            """;

    private final ConnectionPool pool;
    private final Transactions transactions;
    private final Gatherings gatherings;

    AcceptanceStore(ConnectionPool pool, Gatherings gatherings) {
        this.pool = pool;
        this.transactions = new Transactions(pool);
        this.gatherings = gatherings;
    }

    /** A run that is there now, or an event that is new, of those that are offered to sets. */
    private record Accepted(
            @Nullable UUID runId,
            boolean owned,
            Listeners listeners,
            @Nullable UUID eventId) {}

    /**
     * What a transaction has done.
     *
     * @param owned    the runs that are their node's, and of each who listens for what happens to it
     * @param gathered what became of sets
     */
    record Outcome(Map<UUID, Listeners> owned, Gathered gathered) {}

    /** Writes receipts and runs in one transaction, and has sets take those events that are new. */
    Mono<Outcome> accept(Acceptance part) {
        return part.offers().isEmpty()
                ? alone(part).collectList().map(rows -> new Outcome(owned(rows), Gathered.NOTHING))
                : transactions.one(connection -> accept(connection, part));
    }

    private Mono<Outcome> accept(Connection connection, Acceptance part) {
        return accepted(connection, part)
                .collectList()
                .flatMap(rows -> gatherings
                        .gather(connection, fresh(part.offers(), rows))
                        .map(gathered -> new Outcome(owned(rows), gathered)));
    }

    private static Map<UUID, Listeners> owned(List<Accepted> rows) {
        return rows.stream()
                .filter(Accepted::owned)
                .collect(Collectors.toMap(row -> Objects.requireNonNull(row.runId()), Accepted::listeners));
    }

    private static List<Offer> fresh(List<Offer> offers, List<Accepted> rows) {
        Set<UUID> events = rows.stream().map(Accepted::eventId).collect(Collectors.toSet());
        return offers.stream().filter(offer -> events.contains(offer.eventId())).toList();
    }

    /** One statement is a transaction by itself. */
    private Flux<Accepted> alone(Acceptance part) {
        return Flux.usingWhen(pool.create(), connection -> accepted(connection, part), Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Flux<Accepted> accepted(Connection connection, Acceptance part) {
        return Flux.from(bind(connection, part).execute()).concatMap(result -> result.map(AcceptanceStore::row));
    }

    private static Statement bind(Connection connection, Acceptance part) {
        List<ArrivedEvent> events = part.events();
        List<NewRun> runs = part.runs();
        return connection
                .createStatement(ACCEPT)
                .bind(0, events.stream().map(e -> e.id()).toArray(UUID[]::new))
                .bind(1, events.stream().map(e -> e.organization().value()).toArray(UUID[]::new))
                .bind(2, runs.stream().map(NewRun::id).toArray(UUID[]::new))
                .bind(3, runs.stream().map(NewRun::definitionId).toArray(UUID[]::new))
                .bind(4, runs.stream().map(NewRun::node).toArray(UUID[]::new))
                .bind(5, runs.stream().map(NewRun::eventId).toArray(UUID[]::new))
                .bind(6, runs.stream().map(run -> run.organization().value()).toArray(UUID[]::new))
                .bind(
                        7,
                        runs.stream()
                                .map(run -> Bytea.element(run.input().text()))
                                .toArray(String[]::new))
                .bind(
                        8,
                        runs.stream()
                                .map(run -> run.createdAt().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new))
                .bind(9, runs.stream().map(NewRun::depth).toArray(Integer[]::new))
                .bind(10, runs.stream().map(run -> (short) run.priority()).toArray(Short[]::new))
                .bind(
                        11,
                        runs.stream()
                                .map(run -> run.format().number())
                                .map(Integer::shortValue)
                                .toArray(Short[]::new))
                .bind(12, part.offers().stream().map(Offer::eventId).distinct().toArray(UUID[]::new));
    }

    private static Accepted row(Readable row) {
        return new Accepted(
                row.get("run_id", UUID.class),
                Objects.requireNonNull(row.get("owned", Boolean.class)),
                new Listeners(
                        Objects.requireNonNull(row.get("heard", Boolean.class)),
                        Objects.requireNonNull(row.get("watched", Boolean.class))),
                row.get("event_id", UUID.class));
    }
}
