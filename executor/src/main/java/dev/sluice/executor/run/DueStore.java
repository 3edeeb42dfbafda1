package dev.sluice.executor.run;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that finds whose runs are due, at a cost that does not grow with how many there are. */
final class DueStore {

    /** Whose runs are due, among the first by time; the count says whether there may be more. */
    static final String DUE = """
            select organization_id, count(*)::int
            from (select organization_id from workflow.run
                where node is null and wake_at <= now() order by wake_at limit $1) first
            group by organization_id
            """;

    /**
     * The organizations after one, in the order of their ids, and whether each has a run that is due: a few probes of an
     * index for each, however many runs it has. Not by "exists", which may be answered by reading all that is due.
     */
    static final String ORGANIZATIONS = """
            with recursive next (organization_id, n) as (
                (select organization_id, 1 from workflow.run
                where node is null and wake_at is not null and organization_id > $1
                order by organization_id limit 1)
                union all
                select (select r.organization_id from workflow.run r
                        where r.node is null and r.wake_at is not null and r.organization_id > next.organization_id
                        order by r.organization_id limit 1), n + 1
                from next where next.organization_id is not null and n < $2
            )
            select organization_id, (select true from workflow.run r
                where r.node is null and r.organization_id = next.organization_id and r.wake_at <= now()
                order by r.priority, r.wake_at limit 1) is not null
            from next where organization_id is not null
            order by organization_id
            """;

    private static final String COUNT_DUE = """
            select count(*) from (
                select from workflow.run where node is null and wake_at <= now() order by wake_at limit $1) due
            """;

    private static final String COUNT_DUE_OF_ONE = """
            select count(*) from (
                select from workflow.run where node is null and wake_at <= now() and organization_id = $1 limit $2) due
            """;

    private final ConnectionPool pool;

    DueStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** Organizations of the first {@code window} runs that are due, each with how many of those are its. */
    Mono<Map<OrganizationId, Integer>> due(int window) {
        return many(
                        connection -> connection.createStatement(DUE).bind(0, window),
                        row -> Map.entry(organization(row), Objects.requireNonNull(row.get(1, Integer.class))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** An organization with runs nobody owns, and whether one of them is due. */
    record Waiting(OrganizationId organization, boolean due) {}

    /** Up to {@code limit} such organizations after an id, in its order. */
    Mono<List<Waiting>> waiting(UUID after, int limit) {
        return many(
                        connection -> connection
                                .createStatement(ORGANIZATIONS)
                                .bind(0, after)
                                .bind(1, limit),
                        row -> new Waiting(organization(row), Boolean.TRUE.equals(row.get(1, Boolean.class))))
                .collectList();
    }

    /** How many runs are due and have no node, as far as {@code most}. */
    Mono<Long> countDue(int most) {
        return many(
                        connection -> connection.createStatement(COUNT_DUE).bind(0, most),
                        row -> Objects.requireNonNull(row.get(0, Long.class)))
                .single();
    }

    /** The same of one organization. */
    Mono<Long> countDue(OrganizationId organization, int most) {
        return many(
                        connection -> connection
                                .createStatement(COUNT_DUE_OF_ONE)
                                .bind(0, organization.value())
                                .bind(1, most),
                        row -> Objects.requireNonNull(row.get(0, Long.class)))
                .single();
    }

    private <T> Flux<T> many(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static OrganizationId organization(Readable row) {
        return new OrganizationId(Objects.requireNonNull(row.get("organization_id", UUID.class)));
    }
}
