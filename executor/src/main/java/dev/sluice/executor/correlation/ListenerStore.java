package dev.sluice.executor.correlation;

import dev.sluice.executor.engine.Keys;
import dev.sluice.executor.engine.Subscription;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of a run's subscriptions: {@code workflow.filter}, {@code workflow.listener} and {@code workflow.heard}. */
final class ListenerStore {

    /** So many different filters are evaluated for an event of an organization at most. */
    static final int MOST_FILTERS = 1_000;

    /** The owner's node is locked against being declared dead; a filter in use is said to be, now and then. */
    private static final String OPEN = """
            with alive as materialized (
                select id from workflow.node where id = $2 and not dead for key share
            ), owner as materialized (
                select r.id, r.organization_id, r.definition_id, r.event_id, r.created_at
                from alive join workflow.run r on r.node is not distinct from alive.id
                where r.id = $1 and r.epoch = $3
            ), marked as (
                update workflow.run r set listening = true from owner
                where r.id = $1 and r.id = owner.id and not r.listening
            ), stale as materialized (
                select t.id, t.position, t.type, t.source, f.id is null as missing
                from unnest($6::uuid[], $7::int[], $8::text[], $9::text[]) as t(id, position, type, source)
                left join workflow.filter f on f.id = t.id
                where f.id is null or f.used_at < now() - interval '1 hour'
            ), allowed as materialized (
                select not exists (select from stale where missing) or (
                    select count(*) from (
                        select from workflow.filter f join owner on f.organization_id = owner.organization_id limit $11) known
                    ) < $11 as yes
            ), used as (
                insert into workflow.filter as f (id, organization_id, definition_id, reference, position, type, source)
                select s.id, owner.organization_id, owner.definition_id, $5, s.position, s.type, s.source
                from stale s, owner, allowed where allowed.yes
                order by s.id
                on conflict (id) do update set used_at = now()
            ), opened as (
                insert into workflow.listener (run_id, subscription, position, organization_id, filter_id, key)
                select owner.id, $4, t.position, owner.organization_id, t.id, t.key
                from unnest($6::uuid[], $7::int[], $10::uuid[]) as t(id, position, key), owner, allowed
                where allowed.yes
                on conflict do nothing
                returning 1
            )
            select event_id, created_at, exists (select from opened) as fresh, allowed.yes as allowed
            from owner, allowed
            """;

    /** News that come after this are new again; those that came before are in what is read next, by whichever branch. */
    private static final String LOOK = """
            update workflow.run set news = false where id = $1 and node = $2 and epoch = $3 and news
            """;

    private static final String HEARD = """
            select h.event_id, h.position from workflow.heard h
            where h.run_id = $1 and h.subscription = $2
                and not exists (select from workflow.consumed c where c.run_id = h.run_id and c.event_id = h.event_id)
            order by h.event_id limit $3
            """;

    private static final String HEAR = """
            insert into workflow.heard (run_id, subscription, event_id, position, organization_id)
            select l.run_id, l.subscription, t.event_id, t.position, l.organization_id
            from unnest($3::uuid[], $4::int[]) as t(event_id, position)
            join workflow.listener l on l.run_id = $1 and l.subscription = $2 and l.position = t.position
            where not exists (select from workflow.consumed c where c.run_id = $1 and c.event_id = t.event_id)
                and not exists (select from workflow.run r where r.id = $1 and t.event_id = any(r.event_ids))
            on conflict do nothing
            """;

    private static final String REJECT = """
            delete from workflow.heard where run_id = $1 and subscription = $2 and event_id = any($3)
            """;

    private static final String CLOSE = """
            with silent as (delete from workflow.listener where run_id = $1 and subscription = $2)
            delete from workflow.heard where run_id = $1 and subscription = $2
            """;

    private final ConnectionPool pool;

    ListenerStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /**
     * A subscription that is there.
     *
     * @param since events after this one may be for it
     * @param fresh whether it was not there before
     * @param allowed false when nothing was opened: the organization has {@value #MOST_FILTERS} other filters
     */
    record Opened(UUID since, boolean fresh, boolean allowed) {}

    /** An event that a subscription heard, by the first of its filters that matches. */
    record HeardRow(UUID eventId, int position) {}

    /** Empty when the run is not its owner's any more. */
    Mono<Opened> open(Owned run, Subscription subscription) {
        List<Subscription.Interest> interests = subscription.interests();
        return query(
                        connection -> owned(connection, OPEN, run)
                                .bind(3, subscription.id())
                                .bind(4, subscription.reference())
                                .bind(
                                        5,
                                        column(
                                                interests,
                                                interest -> filterId(run, subscription, interest),
                                                UUID[]::new))
                                .bind(6, column(interests, Subscription.Interest::position, Integer[]::new))
                                .bind(
                                        7,
                                        column(
                                                interests,
                                                interest -> interest.filter().type(),
                                                String[]::new))
                                .bind(
                                        8,
                                        column(
                                                interests,
                                                interest -> interest.filter().source(),
                                                String[]::new))
                                .bind(9, column(interests, interest -> Keys.of(interest.expected()), UUID[]::new))
                                .bind(10, MOST_FILTERS),
                        ListenerStore::opened)
                .singleOrEmpty();
    }

    /** Takes note of the run's news; emits whether there were any, which are not only for whoever asks. */
    Mono<Boolean> look(Owned run) {
        return changed(connection -> owned(connection, LOOK, run)).map(news -> news > 0);
    }

    /** The oldest events that a subscription heard and its run has not consumed. */
    Flux<HeardRow> heard(Owned run, UUID subscription, int limit) {
        return query(
                connection -> connection
                        .createStatement(HEARD)
                        .bind(0, run.runId())
                        .bind(1, subscription)
                        .bind(2, limit),
                row -> new HeardRow(required(row, 0, UUID.class), required(row, 1, Integer.class)));
    }

    /** Lets a subscription hear events, unless its run has consumed them. */
    Mono<Void> hear(Owned run, UUID subscription, List<HeardRow> events) {
        return update(connection -> connection
                .createStatement(HEAR)
                .bind(0, run.runId())
                .bind(1, subscription)
                .bind(2, column(events, HeardRow::eventId, UUID[]::new))
                .bind(3, column(events, HeardRow::position, Integer[]::new)));
    }

    Mono<Void> reject(Owned run, UUID subscription, List<UUID> events) {
        return update(connection -> connection
                .createStatement(REJECT)
                .bind(0, run.runId())
                .bind(1, subscription)
                .bind(2, events.toArray(UUID[]::new)));
    }

    Mono<Void> close(Owned run, UUID subscription) {
        return update(connection ->
                connection.createStatement(CLOSE).bind(0, run.runId()).bind(1, subscription));
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private Mono<Void> update(Function<Connection, Statement> statement) {
        return changed(statement).then();
    }

    private Mono<Long> changed(Function<Connection, Statement> statement) {
        return Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.getRowsUpdated())
                                .reduce(0L, Long::sum),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Statement owned(Connection connection, String sql, Owned run) {
        return connection
                .createStatement(sql)
                .bind(0, run.runId())
                .bind(1, run.node())
                .bind(2, run.epoch());
    }

    /** The same for all runs of a definition. */
    private static UUID filterId(Owned run, Subscription subscription, Subscription.Interest interest) {
        return Ids.derived(
                Instant.EPOCH,
                run.organization().toString(),
                run.definitionId().toString(),
                subscription.reference(),
                Integer.toString(interest.position()));
    }

    private static Opened opened(Readable row) {
        UUID trigger = row.get("event_id", UUID.class);
        Instant created = required(row, "created_at", Instant.class);
        return new Opened(
                trigger == null ? new UUID(created.toEpochMilli() << 16, 0) : trigger,
                required(row, "fresh", Boolean.class),
                required(row, "allowed", Boolean.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static <T> T required(Readable row, int column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type));
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
