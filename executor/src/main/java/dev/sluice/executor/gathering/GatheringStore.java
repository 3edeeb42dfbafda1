package dev.sluice.executor.gathering;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.gathering} as deployments and those who look at them see it. */
public final class GatheringStore {

    private static final String END = """
            update workflow.gathering set ended = true
            where organization_id = $1 and namespace = $2 and name = $3 and not ended
            """;

    private static final String BEGIN = """
            insert into workflow.gathering (organization_id, namespace, name, definition_id, id) values ($1, $2, $3, $4, $5)
            """;

    private static final String COUNTS = """
            select open, dropped, filled from workflow.gathering where organization_id = $1 and definition_id = $2 and not ended
            """;

    /** A set may have a thousand events, and all of a batch have the time of one statement. */
    private static final int FORGOTTEN_AT_ONCE = 100;

    /** The gathering is locked before its sets, as a delivery does. */
    private static final String FORGET = """
            with over as materialized (
                select gathering_id, number from (
                    (select s.gathering_id, s.number from workflow.gathering g
                    join workflow.open_set s on s.gathering_id = g.id where g.ended and s.run_id is null limit $1)
                    union
                    (select gathering_id, number from workflow.open_set
                    where opened_at < now() - make_interval(secs => $2) and run_id is null order by opened_at limit $1)
                ) both_kinds limit $1
            ), locked as materialized (
                select id from workflow.gathering where id in (select gathering_id from over) order by id
                for update skip locked
            ), gone as (
                delete from workflow.open_set s using over o, locked l
                where s.gathering_id = o.gathering_id and s.number = o.number and l.id = o.gathering_id and s.run_id is null
                returning s.gathering_id, s.number
            ), places as (
                delete from workflow.set_place p using gone g where p.gathering_id = g.gathering_id and p.number = g.number
            ), counted as (
                update workflow.gathering g set open = g.open - n.sets, dropped = g.dropped + n.sets
                from (select gathering_id, count(*)::int as sets from gone group by gathering_id) n where g.id = n.gathering_id
            ), emptied as (
                delete from workflow.gathering g
                where g.ended and not exists (select from workflow.open_set s where s.gathering_id = g.id)
            )
            select count(*) from gone
            """;

    private GatheringStore() {}

    /**
     * How many sets a workflow has.
     *
     * @param open    they wait for more events
     * @param dropped they were given up since the version became active
     * @param filled  they were ended since then only because they were full
     */
    public record Counts(int open, long dropped, long filled) {}

    /** Forgets sets that are not complete so long after their first event, and those of versions that are not active. */
    public static Retention.Rule retention(Duration keep) {
        return new Retention.Rule("sets of events", FORGET, keep, FORGOTTEN_AT_ONCE);
    }

    /** What a newly active version makes of the sets of its workflow: it begins with none. */
    public static Mono<Void> set(Connection connection, OrganizationId organization, UUID id, Workflow workflow) {
        Mono<Void> ended = executed(row(connection, END, organization, workflow));
        return workflow.together()
                ? ended.then(Mono.defer(() -> executed(row(connection, BEGIN, organization, workflow)
                        .bind(3, id)
                        .bind(4, Ids.next()))))
                : ended;
    }

    /** The sets of an active version; empty when its events gather in none, or it is not active. */
    public static Mono<Counts> counts(Connection connection, OrganizationId organization, UUID definitionId) {
        return Flux.from(connection
                        .createStatement(COUNTS)
                        .bind(0, organization.value())
                        .bind(1, definitionId)
                        .execute())
                .concatMap(result -> result.map(row -> new Counts(
                        Objects.requireNonNull(row.get("open", Integer.class)),
                        Objects.requireNonNull(row.get("dropped", Long.class)),
                        Objects.requireNonNull(row.get("filled", Long.class)))))
                .singleOrEmpty();
    }

    private static Statement row(Connection connection, String sql, OrganizationId organization, Workflow workflow) {
        return connection
                .createStatement(sql)
                .bind(0, organization.value())
                .bind(1, workflow.name().namespace())
                .bind(2, workflow.name().name());
    }

    private static Mono<Void> executed(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }
}
