package dev.sluice.executor.dispatch;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.redis.WorkItem;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.dead_event}: events that are handed over again, how often, and those that were given up. */
final class DeadEventStore {

    private static final String TRIED = """
            select event_id, tries from workflow.dead_event where event_id = any($1)
            """;

    private static final String TRY = """
            insert into workflow.dead_event (event_id, organization_id, tries)
            select event_id, organization_id, 1
            from unnest($1::uuid[], $2::uuid[]) as t(event_id, organization_id) order by event_id
            on conflict (event_id) do update set tries = workflow.dead_event.tries + 1
                where workflow.dead_event.at is null
            """;

    private static final String UNTRY = """
            update workflow.dead_event set tries = greatest(0, tries - 1) where event_id = any($1) and at is null
            """;

    private static final String FORGET = "delete from workflow.dead_event where event_id = any($1) and at is null";

    /** With a receipt, so that nobody publishes it again. */
    private static final String GIVE_UP = """
            with dead as (
                update workflow.dead_event set at = now(), reason = $2 where event_id = $1 and at is null
                returning event_id, organization_id
            )
            insert into workflow.inbox (event_id, organization_id, run_ids)
            select event_id, organization_id, '{}' from dead
            on conflict (event_id) do nothing
            """;

    /**
     * Without its receipt the event is new; the reconciler looks for it from there on, whatever becomes of the stream. One that
     * waits in a set had been handed over before it was given up.
     */
    private static final String REVIVE = """
            with revived as (
                delete from workflow.dead_event where event_id = $1 and organization_id = $2 and at is not null
                    and (exists (select from ingress.event where id = $1) or exists (select from workflow.event where id = $1))
                returning event_id
            ), receipt as (
                delete from workflow.inbox i using revived where i.event_id = revived.event_id and i.run_ids = '{}'
                    and not exists (select from workflow.set_place p where p.event_id = i.event_id)
            ), walk as (
                update workflow.duty d set node = null, position = least(d.position, revived.event_id) from revived
                where d.name = 'reconcile'
            )
            select event_id from revived
            """;

    private static final String FIND = """
            select event_id, reason, tries, at from workflow.dead_event
            where event_id = $1 and organization_id = $2 and at is not null
            """;

    private static final String LIST = """
            select event_id, reason, tries, at from workflow.dead_event
            where organization_id = $1 and at is not null and event_id < $2
            order by event_id desc limit $3
            """;

    private final ConnectionPool pool;

    DeadEventStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** How often events were handed over again, for those that were. */
    Mono<Map<UUID, Integer>> tried(Collection<WorkItem> items) {
        return query(
                        connection -> connection.createStatement(TRIED).bind(0, ids(items)),
                        row -> Map.entry(id(row), Objects.requireNonNull(row.get("tries", Integer.class))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Notes that events are about to be handed over again. */
    Mono<Void> attempt(Collection<WorkItem> items) {
        return execute(connection -> connection
                .createStatement(TRY)
                .bind(0, ids(items))
                .bind(1, items.stream().map(item -> item.organization().value()).toArray(UUID[]::new)));
    }

    /** Takes back {@link #attempt}: what went wrong was not the event's fault. */
    Mono<Void> excuse(Collection<WorkItem> items) {
        return execute(connection -> connection.createStatement(UNTRY).bind(0, ids(items)));
    }

    /** Events that were handed over. */
    Mono<Void> forget(Collection<WorkItem> items) {
        return execute(connection -> connection.createStatement(FORGET).bind(0, ids(items)));
    }

    Mono<Void> giveUp(UUID event, String reason) {
        return execute(
                connection -> connection.createStatement(GIVE_UP).bind(0, event).bind(1, reason));
    }

    /** Makes an event that was given up new; empty when the organization has none of that id. */
    Mono<UUID> revive(OrganizationId organization, UUID event) {
        return query(
                        connection -> connection
                                .createStatement(REVIVE)
                                .bind(0, event)
                                .bind(1, organization.value()),
                        DeadEventStore::id)
                .singleOrEmpty();
    }

    Mono<DeadEvent> find(OrganizationId organization, UUID event) {
        return query(
                        connection ->
                                connection.createStatement(FIND).bind(0, event).bind(1, organization.value()),
                        DeadEventStore::dead)
                .singleOrEmpty();
    }

    /** A page of events that were given up, the newest first. */
    Mono<List<DeadEvent>> list(OrganizationId organization, Page page) {
        return query(
                        connection -> connection
                                .createStatement(LIST)
                                .bind(0, organization.value())
                                .bind(1, page.before())
                                .bind(2, page.rows()),
                        DeadEventStore::dead)
                .collectList();
    }

    private Mono<Void> execute(Function<Connection, Statement> statement) {
        return Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.getRowsUpdated())
                                .then(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static UUID[] ids(Collection<WorkItem> items) {
        return items.stream().map(WorkItem::eventId).toArray(UUID[]::new);
    }

    private static UUID id(Readable row) {
        return Objects.requireNonNull(row.get("event_id", UUID.class));
    }

    private static DeadEvent dead(Readable row) {
        return new DeadEvent(
                id(row),
                Objects.requireNonNull(row.get("reason", String.class)),
                Objects.requireNonNull(row.get("tries", Integer.class)),
                Objects.requireNonNull(row.get("at", Instant.class)));
    }
}
