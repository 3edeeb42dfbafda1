-- Organizations keep what is theirs for less than the installation does, or have it held (ADR 42). The gateway has what they say;
-- here it is asked for in each round, so nothing has to be told to executors and nothing is forgotten by those that start again.

create function workflow.periods() returns table (organization_id uuid, runs_days int, events_days int, hold boolean)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- A gateway of the version before has none.
    if to_regprocedure('identity.retention_periods()') is not null then
        return query execute
            'select p.organization_id, p.runs_days, p.events_days, p.hold from identity.retention_periods() p';
    end if;
end $$;
revoke all on function workflow.periods() from public;

-- Runs of which history has nothing any more, and journals and inputs may.
create table workflow.forgotten (
    run_id uuid primary key,
    organization_id uuid not null
);
alter table workflow.forgotten enable row level security;
create policy tenant on workflow.forgotten to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
grant select on workflow.forgotten to sluice_api;

-- As before, and nothing of a time of which something is held. What is held stays in history, and so do its journals and inputs;
-- receipts stay as long as events do.
create or replace function workflow.is_over(parent text, since timestamptz, until timestamptz, keep interval) returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    first uuid := workflow.uuid_floor(since);
    beyond uuid := workflow.uuid_floor(until);
begin
    if until > now() - keep then
        return false;
    end if;
    if parent = 'run_history' then
        -- How a run ended is kept for one that awaits it and has not looked.
        return not exists (
                select from workflow.run_history h join workflow.run r on r.id = h.parent_id
                where h.awaited and h.finished_at >= since and h.finished_at < until)
            and not exists (
                select from workflow.periods() p where p.hold and exists (
                    select from workflow.run_history h
                    where h.organization_id = p.organization_id and h.finished_at >= since and h.finished_at < until));
    end if;
    if parent = 'inbox' then
        return beyond <= workflow.received_before()
            and not exists (select from ingress.event e where e.id >= first and e.id < beyond)
            and not exists (select from workflow.event e where e.id >= first and e.id < beyond);
    end if;
    if parent = 'event' then
        return beyond <= workflow.received_before()
            and not exists (
                select from workflow.periods() p where p.hold and exists (
                    select from workflow.event e
                    where e.organization_id = p.organization_id and e.id >= first and e.id < beyond));
    end if;
    return not exists (select from workflow.run r where r.id >= first and r.id < beyond)
        and not exists (select from workflow.run_history h where h.id >= first and h.id < beyond);
end $$;

create or replace function workflow.forget_unpartitioned(keep interval, max_rows int) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    beyond uuid := workflow.uuid_floor(now() - keep);
    held uuid[] := array(select p.organization_id from workflow.periods() p where p.hold);
    gone bigint := 0;
    more bigint;
begin
    if keep < interval '2 days' then
        raise exception 'keep: % (expected: >= 2 days)', keep using errcode = '22023';
    end if;
    delete from workflow.run_history_other where (id, finished_at) in (
        select h.id, h.finished_at from workflow.run_history_other h
        where h.finished_at < now() - keep and h.organization_id <> all (held)
            and not (h.awaited and exists (select from workflow.run r where r.id = h.parent_id))
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.journal_other where (run_id, seq) in (
        select j.run_id, j.seq from workflow.journal_other j
        where j.run_id < beyond and not exists (select from workflow.run r where r.id = j.run_id)
            and not exists (select from workflow.run_history h where h.id = j.run_id)
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.large_input_other where run_id in (
        select i.run_id from workflow.large_input_other i
        where i.run_id < beyond and not exists (select from workflow.run r where r.id = i.run_id)
            and not exists (select from workflow.run_history h where h.id = i.run_id)
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.event_other where id in (
        select e.id from workflow.event_other e
        where e.id < beyond and e.id < workflow.received_before() and e.organization_id <> all (held) limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.consumed where (run_id, event_id) in (
        select c.run_id, c.event_id from workflow.consumed c
        where c.run_id < beyond and not exists (select from workflow.run r where r.id = c.run_id)
            and not exists (select from workflow.run_history h where h.id = c.run_id)
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.heard where (run_id, subscription, event_id) in (
        select e.run_id, e.subscription, e.event_id from workflow.heard e
        where e.run_id < beyond and not exists (select from workflow.run r where r.id = e.run_id)
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.listener where (run_id, subscription, position) in (
        select l.run_id, l.subscription, l.position from workflow.listener l
        where l.run_id < beyond and not exists (select from workflow.run r where r.id = l.run_id)
        limit max_rows);
    get diagnostics more = row_count;
    gone := gone + more;
    delete from workflow.inbox_other where event_id in (
        select i.event_id from workflow.inbox_other i
        where i.event_id < beyond and i.event_id < workflow.received_before()
            and not exists (select from ingress.event e where e.id = i.event_id)
            and not exists (select from workflow.event e where e.id = i.event_id)
        limit max_rows);
    get diagnostics more = row_count;
    return gone + more;
end $$;

-- Deletes what runs left that are forgotten: up to so many rows. A run that was begun with is gone with its last row.
create function workflow.forget_remains(max_rows bigint) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    run uuid;
    room bigint := max_rows;
    gone bigint;
begin
    for run in select f.run_id from workflow.forgotten f order by f.run_id limit max_rows loop
        delete from workflow.journal j
        where j.run_id = run and j.seq = any (array(
            select x.seq from workflow.journal x where x.run_id = run order by x.seq limit room));
        get diagnostics gone = row_count;
        room := room - gone;
        exit when room <= 0;
        delete from workflow.large_input i where i.run_id = run;
        delete from workflow.consumed c where c.run_id = run;
        delete from workflow.heard h where h.run_id = run;
        delete from workflow.listener l where l.run_id = run;
        delete from workflow.forgotten f where f.run_id = run;
        room := room - 1;
        exit when room <= 0;
    end loop;
    return max_rows - room;
end $$;
revoke all on function workflow.forget_remains(bigint) from public;

-- The organizations that have finished runs from before, found by one look into the index for each.
create function workflow.with_history(before timestamptz) returns setof uuid
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with recursive o (id) as (
        (select h.organization_id from workflow.run_history h where h.finished_at < before
         order by h.organization_id limit 1)
        union all
        select (select h.organization_id from workflow.run_history h
                where h.organization_id > o.id and h.finished_at < before order by h.organization_id limit 1)
        from o where o.id is not null)
    select id from o where id is not null
$$;
revoke all on function workflow.with_history(timestamptz) from public;

-- Deletes up to so many finished runs of organizations that keep them for less than the installation does, with what belongs to them;
-- and, while anything is held, those of all others that would have gone with their day. By whole days, so that a look finds
-- the days empty that were gone through. A run is out of history first, so that nobody takes up
-- again what is half gone; what it left follows, in the next batch if need be. One node at a time.
create function workflow.forget_runs(keep interval, max_rows int) returns bigint
    language plpgsql volatile security definer
    set timezone = 'UTC'
    set search_path = pg_catalog, pg_temp
as $$
declare
    held uuid[] := array(select p.organization_id from workflow.periods() p where p.hold);
    part record;
    beyond timestamptz;
    ids uuid[];
    room bigint := max_rows;
    gone bigint;
begin
    if keep < interval '2 days' then
        raise exception 'keep: % (expected: >= 2 days)', keep using errcode = '22023';
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('workflow.forget_runs', 0)) then
        return 0;
    end if;
    for part in
        select p.organization_id as id, least(make_interval(days => p.runs_days), keep) as keep
        from workflow.periods() p where not p.hold and p.runs_days is not null
        union all
        select o.id, keep
        from workflow.with_history(case when held = '{}' then '-infinity' else date_trunc('day', now() - keep) end) o (id)
        where o.id <> all (held)
    loop
        beyond := date_trunc('day', now() - part.keep);
        ids := array(
            select h.id from workflow.run_history h
            where h.organization_id = part.id and h.finished_at < beyond
                and not (h.awaited and exists (select from workflow.run r where r.id = h.parent_id))
            order by h.organization_id, h.id limit room for update skip locked);
        with gone as (
            delete from workflow.run_history h
            where h.id = any (ids) and h.organization_id = part.id and h.finished_at < beyond
            returning h.id)
        insert into workflow.forgotten (run_id, organization_id) select g.id, part.id from gone g
        on conflict (run_id) do nothing;
        get diagnostics gone = row_count;
        room := room - gone;
        exit when room <= 0;
    end loop;
    return max_rows - room + workflow.forget_remains(room);
end $$;
revoke all on function workflow.forget_runs(interval, int) from public;
grant execute on function workflow.forget_runs(interval, int) to sluice_engine;

-- The same for events that runs emitted.
create function workflow.with_emitted(before uuid) returns setof uuid
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with recursive o (id) as (
        (select e.organization_id from workflow.event e where e.id < before order by e.organization_id limit 1)
        union all
        select (select e.organization_id from workflow.event e
                where e.organization_id > o.id and e.id < before order by e.organization_id limit 1)
        from o where o.id is not null)
    select id from o where id is not null
$$;
revoke all on function workflow.with_emitted(uuid) from public;

create function workflow.forget_emitted(keep interval, max_rows int) returns bigint
    language plpgsql volatile security definer
    set timezone = 'UTC'
    set search_path = pg_catalog, pg_temp
as $$
declare
    held uuid[] := array(select p.organization_id from workflow.periods() p where p.hold);
    -- Nothing is received while nobody knows.
    received uuid := coalesce(workflow.received_before(), workflow.uuid_floor('epoch'));
    -- What would have gone with its month.
    month uuid := workflow.uuid_floor(date_trunc('month', now() - keep));
    part record;
    beyond uuid;
    room bigint := max_rows;
    gone bigint;
begin
    if keep < interval '2 days' then
        raise exception 'keep: % (expected: >= 2 days)', keep using errcode = '22023';
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('workflow.forget_emitted', 0)) then
        return 0;
    end if;
    for part in
        select p.organization_id as id, workflow.uuid_floor(now() - least(make_interval(days => p.events_days), keep)) as beyond
        from workflow.periods() p where not p.hold and p.events_days is not null
        union all
        select o.id, month from workflow.with_emitted(month) o (id) where held <> '{}' and o.id <> all (held)
    loop
        beyond := least(part.beyond, received);
        delete from workflow.event e where e.id < beyond and e.id = any (array(
            select x.id from workflow.event x where x.organization_id = part.id and x.id < beyond
            order by x.organization_id, x.id limit room for update skip locked));
        get diagnostics gone = row_count;
        room := room - gone;
        exit when room <= 0;
    end loop;
    return max_rows - room;
end $$;
revoke all on function workflow.forget_emitted(interval, int) from public;
grant execute on function workflow.forget_emitted(interval, int) to sluice_engine;
