-- Definitions, runs and their journals. Owned by sluice_migrate.
--   sluice_api    handles requests of one organization at a time, under row-level security
--   sluice_engine crosses organizations on the tables it appends to or claims: node, run, run_history, journal, inbox,
--                 idempotency, schedule; and reads definition, active and trigger

grant usage on schema workflow to sluice_api, sluice_engine;

create function workflow.organization() returns uuid
    language sql stable
    return nullif(current_setting('sluice.organization', true), '')::uuid;

grant execute on function workflow.organization() to sluice_api;

-- The least version 7 UUID of an instant: what append-only tables are partitioned by.
create function workflow.uuid_floor(at timestamptz) returns uuid
    language sql immutable
    return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Definitions: every version ever deployed, the one new runs use, and what starts runs of it.

create table workflow.definition (
    id uuid primary key,
    organization_id uuid not null,
    namespace text not null,
    name text not null,
    version text not null,
    document bytea not null,
    digest bytea not null,
    deployed_at timestamptz not null default now(),
    unique (organization_id, namespace, name, version)
);

create table workflow.active (
    organization_id uuid not null,
    namespace text not null,
    name text not null,
    definition_id uuid not null references workflow.definition,
    primary key (organization_id, namespace, name)
);

create table workflow.trigger (
    definition_id uuid not null references workflow.definition,
    position int not null,
    organization_id uuid not null,
    type text,
    source text,
    primary key (definition_id, position)
);
create index trigger_lookup on workflow.trigger (organization_id, type);

-- Schedules: when the active version of a workflow starts a run by itself. Without next_at there is nothing to wait for,
-- or the end of a run, a while after which the next one starts.

create table workflow.schedule (
    organization_id uuid not null,
    namespace text not null,
    name text not null,
    definition_id uuid not null references workflow.definition,
    next_at timestamptz,
    again_after_ms bigint,
    awaited uuid,
    primary key (organization_id, namespace, name)
);
create index schedule_due on workflow.schedule (next_at);
create index schedule_awaited on workflow.schedule (awaited) where awaited is not null;

-- Nodes: one row per incarnation of an executor process. A dead row never lives again.

create table workflow.node (
    id uuid primary key,
    name text not null,
    started_at timestamptz not null default now(),
    lease_until timestamptz not null,
    dead boolean not null default false
);
create index node_alive on workflow.node (lease_until) where not dead;

-- Duties: what one node at a time does for all, and how far it has come.

create table workflow.duty (
    name text primary key,
    node uuid,
    position uuid not null
);
insert into workflow.duty (name, position) values ('reconcile', '00000000-0000-0000-0000-000000000000');

-- Live runs. A run without a node is due at wake_at, or waits for something else when that is absent.

create table workflow.run (
    id uuid primary key,
    organization_id uuid not null,
    definition_id uuid not null references workflow.definition,
    status text not null check (status in ('pending', 'running', 'waiting', 'suspended')),
    event_id uuid,
    scheduled_at timestamptz,
    input bytea not null,
    traceparent text,
    generation int not null default 0,
    node uuid references workflow.node,
    epoch int not null default 0,
    wake_at timestamptz,
    cancel_requested_at timestamptz,
    created_at timestamptz not null,
    started_at timestamptz
);
create index run_due on workflow.run (wake_at) where node is null;
create index run_node on workflow.run (node) where node is not null;
create index run_cancel on workflow.run (node) where cancel_requested_at is not null;
create index run_organization on workflow.run (organization_id, id);

create table workflow.run_history (
    id uuid not null,
    organization_id uuid not null,
    definition_id uuid not null,
    status text not null check (status in ('completed', 'faulted', 'cancelled')),
    event_id uuid,
    scheduled_at timestamptz,
    input bytea not null,
    output bytea,
    error bytea,
    generation int not null,
    end_seq int not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz not null,
    primary key (id, finished_at)
) partition by range (finished_at);
create index run_history_organization on workflow.run_history (organization_id, id);

create table workflow.run_history_other partition of workflow.run_history default;

-- Journals, by their run's id.

create table workflow.journal (
    run_id uuid not null,
    seq int not null,
    organization_id uuid not null,
    kind smallint not null,
    path text not null,
    task_type text not null,
    place_hash int not null,
    at timestamptz not null,
    payload bytea,
    primary key (run_id, seq)
) partition by range (run_id);
create table workflow.journal_other partition of workflow.journal default;

-- Receipts: an event that is here has started the runs it starts.

create table workflow.inbox (
    event_id uuid primary key,
    organization_id uuid not null,
    received_at timestamptz not null default now(),
    run_ids uuid[] not null
) partition by range (event_id);
create table workflow.inbox_other partition of workflow.inbox default;

-- Idempotency keys of API starts, kept for a day.

create table workflow.idempotency (
    organization_id uuid not null,
    namespace text not null,
    name text not null,
    key_hash bytea not null,
    request_hash bytea not null,
    run_id uuid not null,
    at timestamptz not null,
    primary key (organization_id, namespace, name, key_hash)
);
create index idempotency_age on workflow.idempotency (at);

-- Row-level security.

do $$
declare
    t text;
begin
    foreach t in array array['definition', 'active', 'trigger', 'schedule', 'run', 'run_history', 'journal', 'inbox', 'idempotency'] loop
        execute format('alter table workflow.%I enable row level security', t);
        execute format(
            'create policy tenant on workflow.%I to sluice_api using (organization_id = workflow.organization())'
            || ' with check (organization_id = workflow.organization())', t);
        execute format('create policy engine on workflow.%I to sluice_engine using (true) with check (true)', t);
    end loop;
end $$;

grant select, insert on workflow.definition, workflow.trigger to sluice_api;
grant select, insert, update on workflow.active, workflow.schedule to sluice_api;
grant select on workflow.run, workflow.run_history, workflow.journal, workflow.inbox to sluice_api;
grant update (cancel_requested_at, wake_at) on workflow.run to sluice_api;

grant select on workflow.definition, workflow.active, workflow.trigger to sluice_engine;
grant select, update on workflow.schedule to sluice_engine;
grant select, insert, update, delete on workflow.node to sluice_engine;
grant select, update on workflow.duty to sluice_engine;
grant select, insert, update, delete on workflow.run to sluice_engine;
grant select, insert on workflow.run_history, workflow.journal, workflow.inbox to sluice_engine;
grant select, insert, update, delete on workflow.idempotency to sluice_engine;

-- Partitions: journals and receipts by month, history by day, made ahead. The engine may call this, and nothing more.

create function workflow.ensure_partitions(ahead_months int, ahead_days int) returns void
    language plpgsql security definer
    -- Making a partition locks its table; whoever waits for that lock has all inserts wait behind it.
    set lock_timeout = '500ms'
    set search_path = pg_catalog, pg_temp
as $$
declare
    parent text;
    start timestamptz;
    child text;
begin
    perform pg_advisory_xact_lock(hashtext('workflow.ensure_partitions'));
    for i in 0..ahead_months loop
        start := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + make_interval(months => i);
        foreach parent in array array['journal', 'inbox'] loop
            child := parent || '_' || to_char(start at time zone 'UTC', 'YYYY_MM');
            if to_regclass('workflow.' || child) is null then
                begin
                    execute format('create table workflow.%I partition of workflow.%I for values from (%L) to (%L)',
                        child, parent,
                        workflow.uuid_floor(start),
                        workflow.uuid_floor(
                            date_trunc('month', start at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
                exception when check_violation then
                    -- Rows of that time are in the default partition already; it serves them.
                    raise warning 'partition % was not made: the default partition has its rows', child;
                end;
            end if;
        end loop;
    end loop;
    for i in 0..ahead_days loop
        start := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + make_interval(days => i);
        child := 'run_history_' || to_char(start at time zone 'UTC', 'YYYY_MM_DD');
        if to_regclass('workflow.' || child) is null then
            begin
                execute format('create table workflow.%I partition of workflow.run_history for values from (%L) to (%L)',
                    child, start, start + interval '1 day');
            exception when check_violation then
                raise warning 'partition % was not made: the default partition has its rows', child;
            end;
        end if;
    end loop;
end $$;
revoke all on function workflow.ensure_partitions(int, int) from public;
grant execute on function workflow.ensure_partitions(int, int) to sluice_engine;
