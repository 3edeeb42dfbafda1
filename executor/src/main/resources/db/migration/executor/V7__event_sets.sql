-- schedule.on.all: events that wait for the others of their set. sluice_engine crosses organizations on all of these
-- tables. Without a transaction around all of it, since two tables are altered that executors lock in an order of their own.

-- One row for each time that a version with `all` became active; it lives until it has ended and its sets are gone.
-- opened: the number of its last set; open: how many there are; dropped: how many were given up incomplete.
create table if not exists workflow.gathering (
    id uuid primary key,
    organization_id uuid not null,
    namespace text not null,
    name text not null,
    definition_id uuid not null references workflow.definition,
    ended boolean not null default false,
    opened bigint not null default 0,
    open int not null default 0,
    dropped bigint not null default 0
);
create unique index if not exists gathering_live on workflow.gathering (organization_id, namespace, name) where not ended;
create index if not exists gathering_definition on workflow.gathering (definition_id) where not ended;
create index if not exists gathering_ended on workflow.gathering (id) where ended;

-- Sets that lack an event. fixed: what the others must have, a JSON object of correlation names and hashes.
create table if not exists workflow.open_set (
    gathering_id uuid not null,
    number bigint not null,
    organization_id uuid not null,
    opened_at timestamptz not null default now(),
    fixed text not null,
    primary key (gathering_id, number)
);
create index if not exists open_set_age on workflow.open_set (opened_at);

-- A place of a set for each filter. The key of one that is free is made of what the set has fixed of the filter's
-- correlations, so that an event finds its set whatever their number. The value is what the event adds to the run's input.
create table if not exists workflow.set_place (
    gathering_id uuid not null,
    number bigint not null,
    position int not null,
    organization_id uuid not null,
    key uuid not null,
    event_id uuid,
    depth int,
    value bytea,
    primary key (gathering_id, number, position)
);
alter table workflow.set_place alter column value set storage external;
create index if not exists set_place_free on workflow.set_place (gathering_id, position, key, number) where event_id is null;
-- An event is in one set of a workflow.
create unique index if not exists set_place_event on workflow.set_place (event_id, gathering_id) where event_id is not null;

-- All events that started a run together; event_id is the one that completed them.
alter table workflow.run add column if not exists event_ids uuid[];
alter table workflow.run_history add column if not exists event_ids uuid[];

do $$
declare
    t text;
begin
    foreach t in array array['gathering', 'open_set', 'set_place'] loop
        execute format('alter table workflow.%I enable row level security', t);
        execute format('drop policy if exists tenant on workflow.%I', t);
        execute format('drop policy if exists engine on workflow.%I', t);
        execute format(
            'create policy tenant on workflow.%I to sluice_api using (organization_id = workflow.organization())'
            || ' with check (organization_id = workflow.organization())', t);
        execute format('create policy engine on workflow.%I to sluice_engine using (true) with check (true)', t);
    end loop;
end $$;

grant select, insert, update on workflow.gathering to sluice_api;
grant select, update, delete on workflow.gathering to sluice_engine;
grant select, insert, update, delete on workflow.open_set, workflow.set_place to sluice_engine;
-- The receipts of a set's events tell the run too.
grant update (run_ids) on workflow.inbox to sluice_engine;
