package dev.sluice.executor.run;

import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL by which a node takes runs, gives them back, and learns what is wanted of them. */
final class ClaimStore {

    /**
     * Of each organization its most urgent runs, then its oldest, as far as the node understands their journals. One that was taken too often without its journal having
     * grown is suspended instead, unless it shall only be cancelled. What had happened to a run that waits it will see for
     * itself; one that was started for a run that has ended meanwhile ends too.
     */
    static final String CLAIM = """
            with alive as materialized (
                select id from workflow.node where id = $1 and not dead for key share
            ), due as materialized (
                select r.id, share.organization_id, r.priority, r.wake_at, r.bytes, coalesce(j.seq, -1) as seq,
                    case when coalesce(j.seq, -1) > r.tried_seq then 1 else r.tries + 1 end as tries,
                    coalesce(j.seq, -1) <= r.tried_seq and r.tries >= $4 and r.cancel_requested_at is null as dead
                from unnest($2::uuid[], $3::int[]) as share(organization_id, most)
                cross join lateral (
                    select id, priority, wake_at, octet_length(input) as bytes, tries, tried_seq, cancel_requested_at
                    from workflow.run
                    where node is null and organization_id = share.organization_id and wake_at <= now()
                        and journal_format <= $6
                    order by priority, wake_at limit share.most for update skip locked) r
                left join lateral (
                    select seq from workflow.journal where run_id = r.id order by seq desc limit 1) j on true
            ), ranked as materialized (
                select d.*, row_number() over (partition by organization_id order by priority, wake_at, id) as rank
                from due d
            ), sized as materialized (
                select d.id, d.seq, d.tries, d.dead, i.input as large,
                    sum(coalesce(d.bytes, octet_length(i.input))) over (order by d.rank, d.id) as bytes,
                    row_number() over (order by d.rank, d.id) as position
                from ranked d left join workflow.large_input i on d.bytes is null and i.run_id = d.id
            )
            update workflow.run r
            set node = case when not due.dead then alive.id end,
                epoch = r.epoch + 1,
                status = case when due.dead then 'suspended' else 'running' end,
                wake_at = null,
                news = false,
                journal_format = greatest(r.journal_format, $7),
                cancel_requested_at = case
                    when r.awaited and r.reopenings = 0
                        and not exists (select from workflow.run p where p.id = r.parent_id)
                    then coalesce(r.cancel_requested_at, now()) else r.cancel_requested_at end,
                started_at = case when due.dead then r.started_at else coalesce(r.started_at, now()) end,
                tries = case when due.dead then 0 else due.tries end,
                tried_seq = due.seq,
                suspended_at = case when due.dead then now() end,
                suspend_reason = case when due.dead then 'dead-letter' end,
                suspend_detail = case when due.dead then 'It was taken up ' || r.tries
                    || ' times and got no further: each time its executor ended, or gave it back.' end
            from alive, sized due
            where r.id = any(array(select id from sized)) and r.id = due.id and (due.bytes <= $5 or due.position = 1)
            returning r.id, r.organization_id, r.definition_id, r.node, r.epoch, r.journal_format, r.generation,
                coalesce(r.input, due.large) as input, r.traceparent,
                r.created_at, r.started_at, r.cancel_requested_at is not null as cancel_requested,
                r.suspend_requested_at is not null as suspend_requested, r.reopenings, r.reopened_as, r.reopened_path,
                r.ended_status, r.ended_error, r.ended_seq, r.ended_at, r.depth,
                due.seq = -1 and workflow.is_heard(r.organization_id, 'io.serverlessworkflow.workflow.started.v1') as start_heard,
                workflow.is_watched(r.organization_id) as watched
            """;

    /** Inputs are read into memory with their runs. */
    private static final long MAX_CLAIM_BYTES = 32L << 20;

    private static final String PARK = """
            update workflow.run
            set node = null, status = 'waiting', tries = 0,
                wake_at = case
                    when cancel_requested_at is null and suspend_requested_at is null and not news then $4 else now() end
            where id = $1 and node = $2 and epoch = $3
            """;

    private static final String NEWS = """
            select id from workflow.run where node = $1 and news
            """;

    private static final String GIVE_BACK = """
            update workflow.run set node = null, wake_at = now() + interval '1 second', tries = greatest(0, tries - $4)
            where id = $1 and node = $2 and epoch = $3
            """;

    private static final String OWNED = """
            select id, epoch from workflow.run where node = $1 and started_at < now() - interval '30 seconds'
            """;

    /** For an operator, whoever asked for what. One whose end is asked for is due for that. */
    private static final String SUSPEND = """
            update workflow.run set node = null, status = 'suspended',
                wake_at = case when cancel_requested_at is null then null else now() end,
                suspend_requested_at = null, suspend_reason = $4, suspend_detail = $5, suspended_at = now()
            where id = $1 and node = $2 and epoch = $3
            """;

    /** Unless whoever asked for it has thought better of it since: then it is due. */
    private static final String SUSPEND_REQUESTED = """
            update workflow.run set node = null,
                status = case when suspend_requested_at is null then 'pending' else 'suspended' end,
                wake_at = case when suspend_requested_at is null or cancel_requested_at is not null then now() end,
                suspend_requested_at = null, suspend_reason = $4, suspend_detail = null, suspended_at = now()
            where id = $1 and node = $2 and epoch = $3
            """;

    private static final String WANTED = """
            select id, cancel_requested_at is not null from workflow.run where node = $1 and cancel_requested_at is not null
            union all
            select id, false from workflow.run
            where node = $1 and suspend_requested_at is not null and cancel_requested_at is null
            """;

    private final ConnectionPool pool;

    ClaimStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /**
     * Takes runs that are due, up to a number of each organization, fewer when their inputs have more than {@value
     * #MAX_CLAIM_BYTES} bytes, but at least one; those that are suspended instead are not among them. They are emitted
     * together, after the commit: rows arrive before it, and a run begun that early could end before it is its node's.
     *
     * @param node     the incarnation that claims
     * @param known    the newest format it understands
     * @param format   what it may write
     * @param maxTries how often a run is taken whose journal does not grow
     */
    Mono<Taken> claim(
            UUID node, JournalFormat known, JournalFormat format, Map<OrganizationId, Integer> shares, int maxTries) {
        return many(
                        connection -> connection
                                .createStatement(CLAIM)
                                .bind(0, node)
                                .bind(
                                        1,
                                        shares.keySet().stream()
                                                .map(OrganizationId::value)
                                                .toArray(UUID[]::new))
                                .bind(2, shares.values().toArray(Integer[]::new))
                                .bind(3, maxTries)
                                .bind(4, MAX_CLAIM_BYTES)
                                .bind(5, known.number())
                                .bind(6, format.number()),
                        ClaimStore::taken)
                .collectList()
                .map(Taken::of);
    }

    /**
     * What a claim made of the runs it found.
     *
     * @param suspended those that were taken too often
     */
    record Taken(List<ClaimedRun> runs, List<UUID> suspended) {

        private static Taken of(List<Found> found) {
            return new Taken(
                    found.stream().map(Found::run).filter(Objects::nonNull).toList(),
                    found.stream()
                            .filter(one -> one.run() == null)
                            .map(Found::id)
                            .toList());
        }
    }

    private record Found(UUID id, @Nullable ClaimedRun run) {}

    /**
     * Lets go of a run until an instant, or until something happens that it waits for; it is due at once when that has
     * happened already. Nothing happens when it is not the owner's any more.
     *
     * @param until null for no instant
     */
    Mono<Void> park(ClaimedRun run, @Nullable Instant until) {
        return update(connection -> {
            Statement statement = owned(connection, PARK, run);
            return until == null
                    ? statement.bindNull(3, OffsetDateTime.class)
                    : statement.bind(3, until.atOffset(ZoneOffset.UTC));
        });
    }

    /**
     * Lets go of a run for whoever has room, a moment from now.
     *
     * @param counts whether this was a try that counts against the run
     */
    Mono<Void> giveBack(ClaimedRun run, boolean counts) {
        return update(connection -> owned(connection, GIVE_BACK, run).bind(3, counts ? 0 : 1));
    }

    /** A claim, as it stands in the database. */
    record Claim(UUID runId, int epoch) {}

    /** What the node owns for a while already. */
    Flux<Claim> owned(UUID node) {
        return many(
                connection -> connection.createStatement(OWNED).bind(0, node),
                row -> new Claim(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        Objects.requireNonNull(row.get(1, Integer.class))));
    }

    /** Lets go of a run for whoever has room. */
    Mono<Void> giveBack(Claim claim, UUID node) {
        return update(connection ->
                owned(connection, GIVE_BACK, claim.runId(), node, claim.epoch()).bind(3, 1));
    }

    /** Lets go of a run until somebody resumes it; if that was asked for and is not any more, for whoever has room. */
    Mono<Void> suspend(ClaimedRun run, String reason, @Nullable String detail) {
        if (reason.equals(Suspension.REQUESTED)) {
            return update(
                    connection -> owned(connection, SUSPEND_REQUESTED, run).bind(3, reason));
        }
        return update(connection -> {
            Statement statement = owned(connection, SUSPEND, run).bind(3, reason);
            return detail == null ? statement.bindNull(4, String.class) : statement.bind(4, detail);
        });
    }

    /** What somebody wants of a run: its end, or that it rests. */
    record Wanted(UUID runId, boolean cancel) {}

    /** Runs of the node for which something happened that they may wait for. */
    Flux<UUID> withNews(UUID node) {
        return many(
                connection -> connection.createStatement(NEWS).bind(0, node),
                row -> Objects.requireNonNull(row.get(0, UUID.class)));
    }

    private <T> Flux<T> many(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /** Runs of the node of which somebody wants something. */
    Flux<Wanted> wanted(UUID node) {
        return many(
                connection -> connection.createStatement(WANTED).bind(0, node),
                row -> new Wanted(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        Boolean.TRUE.equals(row.get(1, Boolean.class))));
    }

    private Mono<Void> update(Function<Connection, Statement> statement) {
        return Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.getRowsUpdated())
                                .then(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Statement owned(Connection connection, String sql, ClaimedRun run) {
        return owned(connection, sql, run.id(), run.node(), run.epoch());
    }

    private static Statement owned(Connection connection, String sql, UUID runId, UUID node, int epoch) {
        return connection.createStatement(sql).bind(0, runId).bind(1, node).bind(2, epoch);
    }

    private static OrganizationId organization(Readable row) {
        return new OrganizationId(Objects.requireNonNull(row.get("organization_id", UUID.class)));
    }

    private static Found taken(Readable row) {
        UUID id = Objects.requireNonNull(row.get("id", UUID.class));
        UUID node = row.get("node", UUID.class);
        return new Found(id, node == null ? null : claimed(row, id, node));
    }

    private static ClaimedRun claimed(Readable row, UUID id, UUID node) {
        return new ClaimedRun(
                id,
                organization(row),
                Objects.requireNonNull(row.get("definition_id", UUID.class)),
                node,
                Objects.requireNonNull(row.get("epoch", Integer.class)),
                JournalFormat.of(Objects.requireNonNull(row.get("journal_format", Integer.class))),
                Objects.requireNonNull(row.get("generation", Integer.class)),
                Json.trusted(Objects.requireNonNull(row.get("input", byte[].class))),
                row.get("traceparent", String.class),
                Objects.requireNonNull(row.get("created_at", Instant.class)),
                Objects.requireNonNull(row.get("started_at", Instant.class)),
                Boolean.TRUE.equals(row.get("cancel_requested", Boolean.class)),
                Boolean.TRUE.equals(row.get("suspend_requested", Boolean.class)),
                reopened(row),
                Objects.requireNonNull(row.get("depth", Integer.class)),
                new Listeners(
                        Boolean.TRUE.equals(row.get("start_heard", Boolean.class)),
                        Boolean.TRUE.equals(row.get("watched", Boolean.class))));
    }

    private static @Nullable Reopened reopened(Readable row) {
        String as = row.get("reopened_as", String.class);
        if (as == null) {
            return null;
        }
        byte[] error = row.get("ended_error", byte[].class);
        RunEnd former = new RunEnd(
                RunStatus.of(Objects.requireNonNull(row.get("ended_status", String.class)))
                        .orElseThrow(),
                null,
                error == null ? null : Json.trusted(error),
                null,
                Objects.requireNonNull(row.get("ended_seq", Integer.class)),
                Objects.requireNonNull(row.get("ended_at", Instant.class)));
        return new Reopened(
                Objects.requireNonNull(row.get("reopenings", Integer.class)),
                as.equals("rerun"),
                row.get("reopened_path", String.class),
                former);
    }
}
