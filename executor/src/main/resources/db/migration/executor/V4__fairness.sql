-- Fair turns between organizations, priorities of runs, and what was given up.

-- Why a run is suspended.
alter table workflow.run
    add column if not exists suspend_reason text,
    add column if not exists suspend_detail text;

-- Urgency as of RFC 9218: 0 first, 7 last; among the runs of one organization only.
-- tries: how often it was taken since its journal has grown last; tried_seq: how far that was.
alter table workflow.run
    add column priority smallint not null default 3 check (priority between 0 and 7),
    add column tries int not null default 0,
    add column tried_seq int not null default -1;
alter table workflow.run_history
    add column priority smallint not null default 3;
alter table workflow.definition
    add column priority smallint not null default 3 check (priority between 0 and 7);

-- What is due, by time; and by organization, where the most urgent comes first.
drop index workflow.run_due;
create index run_due on workflow.run (wake_at) include (organization_id) where node is null and wake_at is not null;
create index run_turn on workflow.run (organization_id, priority, wake_at) where node is null and wake_at is not null;

-- A node that stopped in order: its runs were not what ended it.
alter table workflow.node add column resigned boolean not null default false;

-- What an organization may have of an executor; without a row the defaults.
create table workflow.share (
    organization_id uuid primary key,
    max_runs int check (max_runs > 0),
    weight int not null default 1 check (weight between 1 and 1000)
);

-- Events whose hand-over failed or ended an executor, and how often. Given up are those with a time; they have a receipt.
create table workflow.dead_event (
    event_id uuid primary key,
    organization_id uuid not null,
    tries int not null,
    reason text,
    at timestamptz
);
create index dead_event_organization on workflow.dead_event (organization_id, event_id) where at is not null;

do $$
declare
    t text;
begin
    foreach t in array array['share', 'dead_event'] loop
        execute format('alter table workflow.%I enable row level security', t);
        execute format(
            'create policy tenant on workflow.%I to sluice_api using (organization_id = workflow.organization())'
            || ' with check (organization_id = workflow.organization())', t);
        execute format('create policy engine on workflow.%I to sluice_engine using (true) with check (true)', t);
    end loop;
end $$;

grant select, insert, update, delete on workflow.share to sluice_api;
grant update (tries) on workflow.run to sluice_api;
grant select on workflow.dead_event to sluice_api;
grant select on workflow.share to sluice_engine;
grant select, insert, update, delete on workflow.dead_event to sluice_engine;
-- An event that is handed over again begins without a receipt.
grant delete on workflow.inbox to sluice_engine;
