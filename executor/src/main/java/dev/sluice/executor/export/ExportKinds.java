package dev.sluice.executor.export;

import dev.sluice.shared.export.ExportKind;
import java.util.List;
import java.util.Map;

/**
 * What is exported of the tables of executors. Runs that live come before those that are over, and those that were taken up again
 * come once more: a run that moves meanwhile is there, perhaps twice.
 */
final class ExportKinds {

    private static final List<String> LEAST_WORKFLOW = List.of("", "");
    private static final List<String> LEAST_ENTRY = List.of(ExportKind.LEAST_ID.getFirst(), "-1");
    private static final List<String> LEAST_PART = List.of(ExportKind.LEAST_ID.getFirst(), "-1", "-1");
    private static final List<String> LEAST_PAIR =
            List.of(ExportKind.LEAST_ID.getFirst(), ExportKind.LEAST_ID.getFirst());

    private static final String DEFINITIONS = """
            select id, namespace, name, version, priority, encode(digest, 'hex') as digest, document, deployed_at,
                array[id::text] as cursor
            from (
                select *, sum(octet_length(document)) over (order by id) as bytes, row_number() over (order by id) as position
                from (
                    select * from workflow.definition
                    where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3) page
            ) d where bytes <= 1048576 or position = 1 order by id
            """;

    private static final String REMOTE_DOCUMENTS = """
            select definition_id, uri, encode(digest, 'hex') as digest, content, fetched_at,
                array[definition_id::text, uri] as cursor
            from (
                select *, sum(octet_length(content)) over (order by definition_id, uri) as bytes,
                    row_number() over (order by definition_id, uri) as position
                from (
                    select * from workflow.remote_document
                    where organization_id = $1 and (definition_id, uri) > (($2::text[])[1]::uuid, ($2::text[])[2])
                    order by definition_id, uri limit $3) page
            ) d where bytes <= 1048576 or position = 1 order by definition_id, uri
            """;

    private static final String ACTIVE = """
            select namespace, name, definition_id, array[namespace, name] as cursor from workflow.active
            where organization_id = $1 and (namespace, name) > (($2::text[])[1], ($2::text[])[2])
            order by namespace, name limit $3
            """;

    private static final String TRIGGERS = """
            select definition_id, position, type, source, array[definition_id::text, position::text] as cursor
            from workflow.trigger
            where organization_id = $1
                and (definition_id, position) > (($2::text[])[1]::uuid, ($2::text[])[2]::int)
            order by definition_id, position limit $3
            """;

    private static final String SCHEDULES = """
            select namespace, name, definition_id, next_at, again_after_ms, awaited, held_at, array[namespace, name] as cursor
            from workflow.schedule
            where organization_id = $1 and (namespace, name) > (($2::text[])[1], ($2::text[])[2])
            order by namespace, name limit $3
            """;

    private static final String LIVE = """
            select id, definition_id, status, priority, event_id, event_ids, scheduled_at, parent_id, awaited, depth, generation,
                epoch, reopenings, reopened_as, reopened_path, suspend_reason, suspend_detail, suspend_requested_at,
                suspended_at, cancel_requested_at, wake_at, tries, tried_seq, news, listening, traceparent, journal_format,
                created_at, started_at, ended_status, ended_seq, ended_at, ended_error, input, array[id::text] as cursor
            from (
                select *, sum(coalesce(octet_length(input), 0) + coalesce(octet_length(ended_error), 0)) over (order by id)
                    as bytes, row_number() over (order by id) as position
                from (
                    select * from workflow.run
                    where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3) page
            ) r where bytes <= 1048576 or position = 1 order by id
            """;

    private static final String REOPENED = """
            select id, definition_id, status, reopenings, reopened_as, reopened_path, created_at, array[id::text] as cursor
            from workflow.run
            where organization_id = $1 and id > ($2::text[])[1]::uuid and reopenings > 0 order by id limit $3
            """;

    private static final String OVER = """
            select id, definition_id, status, priority, event_id, event_ids, scheduled_at, parent_id, awaited, depth, generation,
                epoch, reopenings, fault_path, error_type, traceparent, journal_format, end_seq, created_at, started_at,
                finished_at, input, output, error, array[id::text, finished_at::text] as cursor
            from (
                select *, sum(coalesce(octet_length(input), 0) + coalesce(octet_length(output), 0)
                        + coalesce(octet_length(error), 0)) over (order by id, finished_at) as bytes,
                    row_number() over (order by id, finished_at) as position
                from (
                    select * from workflow.run_history
                    where organization_id = $1
                        and (id, finished_at) > (($2::text[])[1]::uuid, ($2::text[])[2]::timestamptz)
                    order by id, finished_at limit $3) page
            ) r where bytes <= 1048576 or position = 1 order by id, finished_at
            """;

    private static final String JOURNALS = """
            select run_id, seq, entry_kind, path, task_type, place_hash, at, payload, array[run_id::text, seq::text] as cursor
            from (
                select *, sum(coalesce(octet_length(payload), 0)) over (order by run_id, seq) as bytes,
                    row_number() over (order by run_id, seq) as position
                from (
                    select run_id, seq, kind as entry_kind, path, task_type, place_hash, at, payload from workflow.journal
                    where run_id = any($4) and organization_id = $1
                        and (run_id, seq) > (($2::text[])[1]::uuid, ($2::text[])[2]::int)
                    order by run_id, seq limit $3) page
            ) j where bytes <= 1048576 or position = 1 order by run_id, seq
            """;

    private static final String LARGE_INPUTS = """
            select run_id, input, array[run_id::text] as cursor
            from (
                select *, sum(octet_length(input)) over (order by run_id) as bytes,
                    row_number() over (order by run_id) as position
                from (
                    select run_id, input from workflow.large_input
                    where run_id = any($4) and organization_id = $1 and run_id > ($2::text[])[1]::uuid
                    order by run_id limit $3) page
            ) i where bytes <= 1048576 or position = 1 order by run_id
            """;

    private static final String LISTENERS = """
            select run_id, subscription, position, filter_id, key, array[run_id::text, subscription::text, position::text] as cursor
            from workflow.listener
            where run_id = any($4) and organization_id = $1 and (run_id, subscription, position)
                > (($2::text[])[1]::uuid, ($2::text[])[2]::uuid, ($2::text[])[3]::int)
            order by run_id, subscription, position limit $3
            """;

    private static final String HEARD = """
            select run_id, subscription, event_id, position, array[run_id::text, subscription::text, event_id::text] as cursor
            from workflow.heard
            where run_id = any($4) and organization_id = $1 and (run_id, subscription, event_id)
                > (($2::text[])[1]::uuid, ($2::text[])[2]::uuid, ($2::text[])[3]::uuid)
            order by run_id, subscription, event_id limit $3
            """;

    private static final String CONSUMED = """
            select run_id, event_id, array[run_id::text, event_id::text] as cursor from workflow.consumed
            where run_id = any($4) and organization_id = $1
                and (run_id, event_id) > (($2::text[])[1]::uuid, ($2::text[])[2]::uuid)
            order by run_id, event_id limit $3
            """;

    private static final String EMITTED = """
            select id, run_id, depth, source, type, envelope, array[id::text] as cursor
            from (
                select *, sum(octet_length(envelope)) over (order by id) as bytes, row_number() over (order by id) as position
                from (
                    select * from workflow.event
                    where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3) page
            ) e where bytes <= 1048576 or position = 1 order by id
            """;

    private static final String RECEIPTS = """
            select e.event_id, i.received_at, i.run_ids, array[e.event_id::text] as cursor
            from (
                select id as event_id from (
                    (select id from ingress.event where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3)
                    union all
                    (select id from workflow.event where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3)
                ) both_kinds order by id limit $3
            ) e
            left join lateral (
                select received_at, run_ids from workflow.inbox where event_id = e.event_id offset 0) i on true
            order by e.event_id
            """;

    private static final String DEAD_EVENTS = """
            select event_id, tries, reason, at, array[event_id::text] as cursor from workflow.dead_event
            where organization_id = $1 and event_id > ($2::text[])[1]::uuid order by event_id limit $3
            """;

    private static final String FILTERS = """
            select id, definition_id, reference, position, type, source, used_at, array[id::text] as cursor
            from workflow.filter where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String GATHERINGS = """
            select id, namespace, name, definition_id, ended, opened, open, dropped, filled, array[id::text] as cursor
            from workflow.gathering where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String SETS = """
            select gathering_id, number, opened_at, fixed, events, bytes, ending, run_id, event_id, depth,
                array[gathering_id::text, number::text] as cursor
            from workflow.open_set
            where gathering_id = any($4) and organization_id = $1
                and (gathering_id, number) > (($2::text[])[1]::uuid, ($2::text[])[2]::bigint)
            order by gathering_id, number limit $3
            """;

    private static final String PLACES = """
            select gathering_id, number, position, key, event_id, depth, value,
                array[gathering_id::text, number::text, position::text] as cursor
            from (
                select *, sum(coalesce(octet_length(value), 0)) over (order by gathering_id, number, position) as bytes,
                    row_number() over (order by gathering_id, number, position) as nth
                from (
                    select * from workflow.set_place
                    where gathering_id = any($4) and organization_id = $1 and (gathering_id, number, position)
                        > (($2::text[])[1]::uuid, ($2::text[])[2]::bigint, ($2::text[])[3]::int)
                    order by gathering_id, number, position limit $3) page
            ) p where bytes <= 1048576 or nth = 1 order by gathering_id, number, position
            """;

    private static final String STARTED = """
            select day, shard, runs, array[day::text, shard::text] as cursor from workflow.started
            where organization_id = $1 and (day, shard) > (($2::text[])[1]::date, ($2::text[])[2]::int)
            order by day, shard limit $3
            """;

    private static final String SHARES = """
            select max_runs, weight, array[organization_id::text] as cursor from workflow.share
            where organization_id = $1 and organization_id > ($2::text[])[1]::uuid order by organization_id limit $3
            """;

    private static final String SECRETS = """
            select name, created_at, updated_at, array[name] as cursor from workflow.secret
            where organization_id = $1 and name > ($2::text[])[1] order by name limit $3
            """;

    private static final ExportKind JOURNAL =
            ExportKind.byKey("journal-entry", "workflow.journal", JOURNALS, LEAST_ENTRY);

    private static final ExportKind LARGE_INPUT = ExportKind.byId("run-input", "workflow.large_input", LARGE_INPUTS);

    static final List<ExportKind> ALL = List.of(
            ExportKind.byId("definition", "workflow.definition", DEFINITIONS),
            ExportKind.byKey(
                    "remote-document",
                    "workflow.remote_document",
                    REMOTE_DOCUMENTS,
                    List.of(ExportKind.LEAST_ID.getFirst(), "")),
            ExportKind.byKey("active-version", "workflow.active", ACTIVE, LEAST_WORKFLOW),
            ExportKind.byKey("trigger", "workflow.trigger", TRIGGERS, LEAST_ENTRY),
            ExportKind.byKey("schedule", "workflow.schedule", SCHEDULES, LEAST_WORKFLOW),
            ExportKind.byId("run", "workflow.run", LIVE, "node")
                    .with(
                            JOURNAL,
                            LARGE_INPUT,
                            ExportKind.byKey(
                                    "listener",
                                    "workflow.listener",
                                    LISTENERS,
                                    List.of(LEAST_PAIR.getFirst(), LEAST_PAIR.getFirst(), "-1")),
                            ExportKind.byKey(
                                    "heard-event",
                                    "workflow.heard",
                                    HEARD,
                                    List.of(LEAST_PAIR.getFirst(), LEAST_PAIR.getFirst(), LEAST_PAIR.getFirst())),
                            ExportKind.byKey("consumed-event", "workflow.consumed", CONSUMED, LEAST_PAIR)),
            ExportKind.byKey(
                            "finished-run",
                            "workflow.run_history",
                            OVER,
                            List.of(ExportKind.LEAST_ID.getFirst(), "-infinity"))
                    .with(JOURNAL, LARGE_INPUT),
            ExportKind.byId("reopened-run", "workflow.run", REOPENED).with(JOURNAL),
            ExportKind.byId("emitted-event", "workflow.event", EMITTED),
            ExportKind.byId("receipt", "workflow.inbox", RECEIPTS),
            ExportKind.byId("dead-event", "workflow.dead_event", DEAD_EVENTS),
            ExportKind.byId("event-filter", "workflow.filter", FILTERS),
            ExportKind.byId("gathering", "workflow.gathering", GATHERINGS)
                    .with(
                            ExportKind.byKey("open-set", "workflow.open_set", SETS, LEAST_ENTRY),
                            ExportKind.byKey("set-place", "workflow.set_place", PLACES, LEAST_PART)),
            ExportKind.byId("share", "workflow.share", SHARES),
            ExportKind.byKey("secret", "workflow.secret", SECRETS, List.of(""), "id", "sealed"),
            ExportKind.byKey("started-runs", "workflow.started", STARTED, List.of("-infinity", "-1")));

    /** Tables that are left out as a whole, and why. */
    static final Map<String, String> LEFT_OUT = Map.of(
            "workflow.data_key", "wrapped keys",
            "workflow.idempotency", "hashes of keys that callers chose, gone after a day",
            "workflow.erasure", "of organizations that are closed",
            "workflow.forgotten", "ids of runs that are gone, until what they left is");

    private ExportKinds() {}
}
