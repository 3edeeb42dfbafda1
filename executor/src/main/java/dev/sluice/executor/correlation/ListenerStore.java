package dev.sluice.executor.correlation;

import dev.sluice.executor.engine.Keys;
import dev.sluice.executor.engine.Subscription;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.time.Instant;
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

/** SQL of {@code workflow.filter}, {@code workflow.listener}, {@code workflow.heard} and {@code workflow.consumed}. */
final class ListenerStore {

    /** So many different filters are evaluated for an event of an organization at most. */
    static final int MOST_FILTERS = 1_000;

    /** Listeners of one match that one statement wakes. */
    private static final int PAGE = 500;

    /** Matches that one statement delivers. */
    private static final int MATCHES = 100;

    /** The owner's node is locked against being declared dead; a filter in use is said to be, now and then. */
    private static final String OPEN = """
            with alive as materialized (
                select id from workflow.node where id = $2 and not dead for key share
            ), owner as materialized (
                select r.id, r.organization_id, r.definition_id, r.event_id, r.created_at
                from workflow.run r join alive on alive.id = r.node where r.id = $1 and r.epoch = $3
            ), marked as (
                update workflow.run r set listening = true from owner where r.id = owner.id and not r.listening
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

    private static final String FILTERS = """
            select f.id, f.organization_id, f.definition_id, f.reference, f.position, f.type, f.source
            from workflow.filter f where f.type is null and f.organization_id = any($1)
            union all
            select f.id, f.organization_id, f.definition_id, f.reference, f.position, f.type, f.source
            from (select distinct * from unnest($1::uuid[], $2::text[])) as e(organization_id, type)
            join workflow.filter f on f.organization_id = e.organization_id and f.type = e.type
            """;

    /**
     * The listeners of each match, a page of each; who was parked is due. The run's row is locked whatever state it is in:
     * an owner about to park it sees the news, or parks first and is woken. A run does not hear the event that started it.
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
                from found f join workflow.run r on r.id = f.run_id and r.event_id is distinct from f.event_id
                where not exists (
                    select from workflow.consumed c where c.run_id = f.run_id and c.event_id = f.event_id)
                order by f.run_id, f.subscription, f.event_id, f.position
            ), added as (
                insert into workflow.heard (run_id, subscription, event_id, position, organization_id)
                select run_id, subscription, event_id, position, organization_id from news
                on conflict do nothing
                returning run_id
            ), locked as materialized (
                select id from workflow.run where id in (select run_id from added) order by id for no key update
            ), woken as (
                update workflow.run r
                set news = true, wake_at = case when r.node is null and r.status = 'waiting' then now() else r.wake_at end
                from locked where r.id = locked.id
                returning 1
            )
            select ordinal, count(*)::int as found, (array_agg(run_id order by run_id desc, subscription desc))[1] as run_id,
                (array_agg(subscription order by run_id desc, subscription desc))[1] as subscription,
                (select count(*) from woken)::int as woken
            from found group by ordinal
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
            on conflict do nothing
            """;

    private static final String REJECT = """
            delete from workflow.heard where run_id = $1 and subscription = $2 and event_id = any($3)
            """;

    private static final String CLOSE = """
            with silent as (delete from workflow.listener where run_id = $1 and subscription = $2)
            delete from workflow.heard where run_id = $1 and subscription = $2
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
            return (type == null || type.equals(event.type())) && (source == null || source.equals(event.source()));
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

    /** The filters that could match one of the events. */
    Flux<LiveFilter> filters(List<ArrivedEvent> events) {
        return query(
                connection -> connection
                        .createStatement(FILTERS)
                        .bind(0, column(events, event -> event.organization().value(), UUID[]::new))
                        .bind(1, column(events, ArrivedEvent::type, String[]::new)),
                ListenerStore::filter);
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
                        ListenerStore::page)
                .collectList();
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

    private static <T> T required(Readable row, int column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type));
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
