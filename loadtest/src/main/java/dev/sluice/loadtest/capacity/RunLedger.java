package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Superuser;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the database knows of the runs of a workflow in the namespace {@code capacity}. Blocks. */
record RunLedger(Superuser superuser) {

    /** The number stands in the input, or in the event that is its first element. */
    private static final String COMPLETED = """
            select coalesce(j ->> 'number', j -> 0 ->> 'number')::int, finished_at
            from (
                select convert_from(r.input, 'UTF8')::jsonb as j, r.finished_at
                from workflow.run_history r join workflow.definition d on d.id = r.definition_id
                where d.namespace = 'capacity' and d.name = $1 and r.status = 'completed'
            ) ended
            """;

    private static final String ENDED = """
            select r.status, count(*)
            from workflow.run_history r join workflow.definition d on d.id = r.definition_id
            where d.namespace = 'capacity' and d.name = $1
            group by r.status
            """;

    private static final String OPEN = """
            select count(*) from workflow.run r join workflow.definition d on d.id = r.definition_id
            where d.namespace = 'capacity' and d.name = $1
            """;

    private static final String PARKED = OPEN + " and r.node is null";

    private static final String WITHOUT_RECEIPT =
            "select (select count(*) from ingress.event) - (select count(*) from workflow.inbox)";

    /** A wait's entry says when it is due (kind 3). */
    private static final String LATENESS = """
            select part, count(*),
                (percentile_cont(array[0.5, 0.99]) within group (order by late))[1],
                (percentile_cont(array[0.5, 0.99]) within group (order by late))[2],
                max(late)
            from (
                select case when due < $2 or due >= $4 then 0 when due < $3 then 1 else 2 end as part,
                    extract(epoch from finished_at - due)::float8 * 1000 as late
                from (
                    select (convert_from(j.payload, 'UTF8')::jsonb ->> 'until')::timestamptz as due, r.finished_at
                    from workflow.run_history r
                        join workflow.definition d on d.id = r.definition_id
                        join workflow.journal j on j.run_id = r.id and j.kind = 3
                    where d.namespace = 'capacity' and d.name = $1
                ) waited
            ) woken
            group by part
            """;

    /** A run that completed. */
    record Ended(int number, Instant at) {}

    /** How late so many runs went on, in milliseconds. */
    record Lateness(long count, double p50, double p99, double most) {

        @Override
        public String toString() {
            return "p50 %s, p99 %s, most %s of %d"
                    .formatted(Quantity.millis(p50), Quantity.millis(p99), Quantity.millis(most), count);
        }
    }

    List<Ended> completed(String workflow) {
        return superuser.rows(
                COMPLETED,
                List.of(workflow),
                row -> new Ended(
                        Objects.requireNonNull(row.get(0, Integer.class)),
                        Objects.requireNonNull(row.get(1, Instant.class))));
    }

    /** How many ended with each status. */
    Map<String, Long> ended(String workflow) {
        Map<String, Long> counts = new HashMap<>();
        superuser
                .rows(
                        ENDED,
                        List.of(workflow),
                        row -> Map.entry(
                                Objects.requireNonNull(row.get(0, String.class)),
                                Objects.requireNonNull(row.get(1, Long.class))))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    long endedInAll(String workflow) {
        return ended(workflow).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Runs that have not ended. */
    long open(String workflow) {
        return count(OPEN, List.of(workflow));
    }

    /** Runs that no executor has in memory. */
    long parked(String workflow) {
        return count(PARKED, List.of(workflow));
    }

    /** Events that have not been handed over. */
    long eventsWithoutReceipt() {
        return count(WITHOUT_RECEIPT, List.of());
    }

    /** Subscriptions of runs that listen. */
    long listeners() {
        return count("select count(*) from workflow.listener", List.of());
    }

    /** Bytes on disk, indexes and free space included, after a checkpoint. */
    long bytes() {
        superuser.execute("checkpoint");
        return count("select pg_database_size(current_database())", List.of());
    }

    /** Of the runs due in neither time (0), from the first moment to the second (1), and from the second to the third (2). */
    Map<Integer, Lateness> lateness(String workflow, Instant from, Instant until, Instant settled) {
        Map<Integer, Lateness> parts = new HashMap<>();
        superuser
                .rows(
                        LATENESS,
                        List.of(workflow, from, until, settled),
                        row -> Map.entry(
                                Objects.requireNonNull(row.get(0, Integer.class)),
                                new Lateness(
                                        Objects.requireNonNull(row.get(1, Long.class)),
                                        Objects.requireNonNull(row.get(2, Double.class)),
                                        Objects.requireNonNull(row.get(3, Double.class)),
                                        Objects.requireNonNull(row.get(4, Double.class)))))
                .forEach(entry -> parts.put(entry.getKey(), entry.getValue()));
        return parts;
    }

    private long count(String query, List<?> binds) {
        return superuser
                .rows(query, binds, row -> Objects.requireNonNull(row.get(0, Long.class)))
                .getFirst();
    }
}
