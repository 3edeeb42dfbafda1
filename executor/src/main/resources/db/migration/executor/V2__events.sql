-- Events that runs emit, what runs listen to, and runs that start runs. sluice_engine crosses organizations on all of
-- these tables.

-- depth: how many runs before it started one another, directly or by events.
-- parent_id: the run that started it; awaited: whether that run waits for its end.
-- news: something that the run waits for may have happened since its owner last looked.
-- listening: whether it ever subscribed to events, which its end must clear away.
alter table workflow.run
    add column depth int not null default 0,
    add column parent_id uuid,
    add column awaited boolean not null default false,
    add column news boolean not null default false,
    add column listening boolean not null default false;
create index run_news on workflow.run (node) where news;
create index run_parent on workflow.run (parent_id) where parent_id is not null;

alter table workflow.run_history
    add column depth int not null default 0,
    add column parent_id uuid,
    add column awaited boolean not null default false;

-- Emitted events; those that gateways take in are in ingress.event. The id is a UUID of version 7, so a range of ids is a
-- range of time. The envelope may have another id, which is its author's.
create table workflow.event (
    id uuid primary key,
    organization_id uuid not null,
    run_id uuid not null,
    depth int not null,
    source text not null,
    type text not null,
    envelope bytea not null
) partition by range (id);
create index event_organization on workflow.event (organization_id, id);
create table workflow.event_other partition of workflow.event default;

-- Filters that runs listen with: one row for each filter of a document, whatever the number of its runs.
create table workflow.filter (
    id uuid primary key,
    organization_id uuid not null,
    definition_id uuid not null references workflow.definition,
    reference text not null,
    position int not null,
    type text,
    source text,
    used_at timestamptz not null default now()
);
create index filter_lookup on workflow.filter (organization_id, type);

-- Subscriptions of live runs: one row for each filter of a task that listens. The key is made of what the run expects of
-- an event, so that an event finds its listeners whatever their number.
create table workflow.listener (
    run_id uuid not null,
    subscription uuid not null,
    position int not null,
    organization_id uuid not null,
    filter_id uuid not null,
    key uuid not null,
    primary key (run_id, subscription, position)
);
create index listener_lookup on workflow.listener (filter_id, key, run_id, subscription, position);

-- Events that subscriptions heard and have neither consumed nor let go.
create table workflow.heard (
    run_id uuid not null,
    subscription uuid not null,
    event_id uuid not null,
    position int not null,
    organization_id uuid not null,
    primary key (run_id, subscription, event_id)
);

-- Events that live runs have consumed: a run consumes an event once.
create table workflow.consumed (
    run_id uuid not null,
    event_id uuid not null,
    organization_id uuid not null,
    primary key (run_id, event_id)
);

do $$
declare
    t text;
begin
    foreach t in array array['event', 'filter', 'listener', 'heard', 'consumed'] loop
        execute format('alter table workflow.%I enable row level security', t);
        execute format(
            'create policy tenant on workflow.%I to sluice_api using (organization_id = workflow.organization())'
            || ' with check (organization_id = workflow.organization())', t);
        execute format('create policy engine on workflow.%I to sluice_engine using (true) with check (true)', t);
    end loop;
end $$;

grant select on workflow.event to sluice_api;
grant select, delete on workflow.consumed to sluice_api;
grant select, insert on workflow.event to sluice_engine;
grant select, insert, update, delete on workflow.filter, workflow.listener, workflow.heard, workflow.consumed
    to sluice_engine;

-- Partitions of emitted events are made ahead with the others.
create or replace function workflow.ensure_partitions(ahead_months int, ahead_days int) returns void
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
        foreach parent in array array['journal', 'inbox', 'event'] loop
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
