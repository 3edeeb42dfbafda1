-- How many runs executors have started by themselves, by day (UTC): for events, sets of them, ticks of schedules, and other runs.
-- Those that callers start are counted by the gateway that lets them through. Written in the statement that creates the runs; each
-- server process has rows of its own, so nobody waits for anybody and no order of locks matters. Those of days that are over are
-- put together.
create table workflow.started (
    organization_id uuid not null,
    day date not null,
    shard int not null,
    runs bigint not null,
    primary key (organization_id, day, shard)
) with (fillfactor = 50);
create index started_day on workflow.started (day);
alter table workflow.started enable row level security;
create policy tenant on workflow.started to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
create policy engine on workflow.started to sluice_engine using (true) with check (true);
grant select on workflow.started to sluice_api;
grant select, insert, update on workflow.started to sluice_engine;

-- For the gateway, to which this is part of what an organization has used.
create function workflow.runs_started(which uuid, first date, last date) returns bigint
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce(sum(s.runs), 0)::bigint from workflow.started s
    where s.organization_id = which and s.day between first and last
$$;
revoke all on function workflow.runs_started(uuid, date, date) from public;

-- Puts up to so many rows of days that are over together, and forgets what is older than 400 days; how many rows went.
create function workflow.fold_started(max_rows int) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    folded bigint;
    forgotten bigint;
begin
    with gone as (
        delete from workflow.started s where (s.organization_id, s.day, s.shard) in (
            select o.organization_id, o.day, o.shard from workflow.started o
            where o.day < (now() at time zone 'utc')::date - 1 and o.shard <> 0
            order by o.organization_id, o.day, o.shard limit max_rows for update skip locked)
        returning s.organization_id, s.day, s.runs
    ), kept as (
        insert into workflow.started as s (organization_id, day, shard, runs)
        select g.organization_id, g.day, 0, sum(g.runs) from gone g group by g.organization_id, g.day
        order by g.organization_id, g.day
        on conflict (organization_id, day, shard) do update set runs = s.runs + excluded.runs
    )
    select count(*) into folded from gone;
    delete from workflow.started s where (s.organization_id, s.day, s.shard) in (
        select o.organization_id, o.day, o.shard from workflow.started o
        where o.shard = 0 and o.day < (now() at time zone 'utc')::date - 400 limit max_rows for update skip locked);
    get diagnostics forgotten = row_count;
    return greatest(folded, forgotten);
end $$;
revoke all on function workflow.fold_started(int) from public;
grant execute on function workflow.fold_started(int) to sluice_engine;
