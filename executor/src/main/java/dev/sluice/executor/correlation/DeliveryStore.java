package dev.sluice.executor.correlation;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** SQL that finds the listeners of events by {@code workflow.filter}, and lets them hear. */
final class DeliveryStore {

    /** Listeners of one match that one statement wakes. */
    private static final int PAGE = 500;

    /** Matches that one statement delivers. */
    private static final int MATCHES = 100;

    private static final String FILTERS = """
            select f.id, f.organization_id, f.definition_id, f.reference, f.position, f.type, f.source
            from workflow.filter f
            where (f.type is null or f.type = 'io.serverlessworkflow.*') and f.organization_id = any($1)
            union all
            select f.id, f.organization_id, f.definition_id, f.reference, f.position, f.type, f.source
            from (select distinct * from unnest($1::uuid[], $2::text[])) as e(organization_id, type)
            join workflow.filter f on f.organization_id = e.organization_id and f.type = e.type
            """;

    /**
     * The listeners of each match, a page of each; who was parked is due. The run's row is locked whatever state it is in:
     * an owner about to park it sees the news, or parks first and is woken. A run does not hear an event that started it.
     */
    private static final String DELIVER = """
            with found as materialized (
                select m.ordinal, l.run_id, l.subscription, l.position, l.organization_id, m.event_id
                from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[])
                    as m(ordinal, filter_id, key, event_id, after_run, after_subscription)
                cross join lateral (
                    select run_id, subscription, position, organization_id from workflow.listener
                    where filter_id = m.filter_id and key = m.key
                        and (run_id, subscription) > (m.after_run, m.after_subscription)
                    order by run_id, subscription limit $7) l
            ), news as materialized (
                select distinct on (f.run_id, f.subscription, f.event_id) f.*
                from found f
                cross join lateral (select event_id, event_ids from workflow.run where id = f.run_id offset 0) r
                where r.event_id is distinct from f.event_id
                    and (r.event_ids is null or f.event_id <> all (r.event_ids))
                    and not exists (
                    select from workflow.consumed c where c.run_id = f.run_id and c.event_id = f.event_id)
                order by f.run_id, f.subscription, f.event_id, f.position
            ), added as (
                insert into workflow.heard (run_id, subscription, event_id, position, organization_id)
                select run_id, subscription, event_id, position, organization_id from news
                on conflict do nothing
                returning run_id
            ), locked as materialized (
                select id from workflow.run where id = any(array(select run_id from added)) order by id for no key update
            ), woken as (
                update workflow.run r
                set news = true, wake_at = case when r.node is null and r.status = 'waiting' then now() else r.wake_at end
                where r.id = any(array(select id from locked))
                returning 1
            )
            select ordinal, count(*)::int as found, (array_agg(run_id order by run_id desc, subscription desc))[1] as run_id,
                (array_agg(subscription order by run_id desc, subscription desc))[1] as subscription,
                (select count(*) from woken)::int as woken
            from found group by ordinal
            """;

    /** A run that listens again with a filter that is gone brings it back. */
    static final Retention.Rule RETENTION = new Retention.Rule("filters of events", """
            with gone as (
                delete from workflow.filter where id in (
                    select f.id from workflow.filter f
                    where f.used_at < now() - interval '1 day'
                        and not exists (select from workflow.listener l where l.filter_id = f.id)
                    limit $1 for update of f skip locked)
                returning 1)
            select count(*) from gone
            """);

    private static final UUID LEAST = new UUID(0, 0);

    /** Ends of runs lock rows in another order: one of two that wait for each other is told to try again. */
    private static final Retry AGAIN = Retry.backoff(5, Duration.ofMillis(20))
            .filter(error ->
                    error instanceof SluiceException problem && problem.type().retryable());

    private final ConnectionPool pool;

    DeliveryStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** A filter that runs listen with. */
    record LiveFilter(
            UUID id,
            OrganizationId organization,
            UUID definitionId,
            String reference,
            int position,
            @Nullable String type,
            @Nullable String source) {

        /** Whether what the row knows lets the event through. */
        boolean candidate(ArrivedEvent event) {
            return LifecycleTypes.mayPass(type, event.type()) && (source == null || source.equals(event.source()));
        }
    }

    /** An event and what its listeners are found by. */
    record Match(UUID filterId, UUID key, UUID eventId) {}

    /** A match that was delivered up to a listener. */
    private record Progress(Match match, UUID run, UUID subscription) {

        Progress upTo(Page page) {
            return new Progress(match, page.run, page.subscription);
        }
    }

    private record Page(int ordinal, int found, UUID run, UUID subscription, int woken) {}

    /** The filters that could match one of the events. */
    Flux<LiveFilter> filters(List<ArrivedEvent> events) {
        return query(
                connection -> connection
                        .createStatement(FILTERS)
                        .bind(0, column(events, event -> event.organization().value(), UUID[]::new))
                        .bind(1, column(events, ArrivedEvent::type, String[]::new)),
                DeliveryStore::filter);
    }

    /** Lets all listeners of the matches hear; emits how many runs have news. Each page is a transaction of its own. */
    Mono<Integer> deliver(List<Match> matches) {
        return Flux.fromIterable(matches)
                .map(match -> new Progress(match, LEAST, LEAST))
                .buffer(MATCHES)
                .concatMap(this::deliverAll)
                .reduce(0, Integer::sum);
    }

    /** A page of each, and again for those of which there may be more. */
    private Flux<Integer> deliverAll(List<Progress> matches) {
        return page(matches).retryWhen(AGAIN).flatMapMany(pages -> {
            List<Progress> left = pages.stream()
                    .filter(page -> page.found() == PAGE)
                    .map(page -> matches.get(page.ordinal()).upTo(page))
                    .toList();
            int woken = pages.isEmpty() ? 0 : pages.getFirst().woken();
            return left.isEmpty() ? Flux.just(woken) : Flux.concat(Mono.just(woken), deliverAll(left));
        });
    }

    private Mono<List<Page>> page(List<Progress> matches) {
        return query(
                        connection -> connection
                                .createStatement(DELIVER)
                                .bind(
                                        0,
                                        IntStream.range(0, matches.size())
                                                .boxed()
                                                .toArray(Integer[]::new))
                                .bind(
                                        1,
                                        column(
                                                matches,
                                                progress -> progress.match().filterId(),
                                                UUID[]::new))
                                .bind(
                                        2,
                                        column(
                                                matches,
                                                progress -> progress.match().key(),
                                                UUID[]::new))
                                .bind(
                                        3,
                                        column(
                                                matches,
                                                progress -> progress.match().eventId(),
                                                UUID[]::new))
                                .bind(4, column(matches, Progress::run, UUID[]::new))
                                .bind(5, column(matches, Progress::subscription, UUID[]::new))
                                .bind(6, PAGE),
                        DeliveryStore::page)
                .collectList();
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static LiveFilter filter(Readable row) {
        return new LiveFilter(
                required(row, "id", UUID.class),
                new OrganizationId(required(row, "organization_id", UUID.class)),
                required(row, "definition_id", UUID.class),
                required(row, "reference", String.class),
                required(row, "position", Integer.class),
                row.get("type", String.class),
                row.get("source", String.class));
    }

    private static Page page(Readable row) {
        return new Page(
                required(row, "ordinal", Integer.class),
                required(row, "found", Integer.class),
                required(row, "run_id", UUID.class),
                required(row, "subscription", UUID.class),
                required(row, "woken", Integer.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
