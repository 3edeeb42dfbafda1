-- Retention: what is over is dropped by partition, never searched for and deleted row by row.
--   history  by the day a run ended, once it is as old as the policy says
--   journals and large inputs  by month of the run, once no run of that month lives or is in history
--   emitted events by month, once all of the month were received
--   receipts by month of the event, once the events of that month are dropped

-- Inputs over 64 KB, apart from their runs: claiming, parking and ending a run touch none of them. Written in the
-- statement that creates the run, whichever that is; a run or history row whose input is null has it here.

create table workflow.large_input (
    run_id uuid primary key,
    organization_id uuid not null,
    input bytea not null
) partition by range (run_id);
alter table workflow.large_input alter column input set storage external;
create table workflow.large_input_other partition of workflow.large_input default;

alter table workflow.large_input enable row level security;
create policy tenant on workflow.large_input to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
create policy engine on workflow.large_input to sluice_engine using (true) with check (true);
-- A run that is retried may have a large input from before.
grant select, insert on workflow.large_input to sluice_api;
grant select, insert on workflow.large_input to sluice_engine;

alter table workflow.run alter column input drop not null;
alter table workflow.run_history alter column input drop not null;

create function workflow.put_large_input_apart() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- There already when the run is: whoever creates it again changes nothing.
    insert into workflow.large_input (run_id, organization_id, input) values (new.id, new.organization_id, new.input)
    on conflict (run_id) do nothing;
    new.input := null;
    return new;
end $$;

create trigger large_input before insert on workflow.run
    for each row when (octet_length(new.input) > 65536) execute function workflow.put_large_input_apart();

-- Entries that a checkpoint has replaced are deleted while the run goes on.
grant delete on workflow.journal to sluice_engine;

-- Partitions, as before and for large inputs too.

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
        foreach parent in array array['journal', 'inbox', 'large_input', 'event'] loop
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

-- Events before this id all have their receipts, for good: the reconciler never comes back to them. The gateway asks
-- before it drops events.
create function workflow.received_before() returns uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select position from workflow.duty where name = 'reconcile'
$$;
revoke all on function workflow.received_before() from public;
grant execute on function workflow.received_before() to sluice_api;

-- Whether nothing needs the rows of a table from one instant to another any more. Each question is answered by an index.
create function workflow.is_over(parent text, since timestamptz, until timestamptz, keep interval) returns boolean
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
            where h.awaited and h.finished_at >= since and h.finished_at < until);
    end if;
    if parent = 'inbox' then
        return beyond <= workflow.received_before()
            and not exists (select from ingress.event e where e.id >= first and e.id < beyond)
            and not exists (select from workflow.event e where e.id >= first and e.id < beyond);
    end if;
    if parent = 'event' then
        return beyond <= workflow.received_before();
    end if;
    return not exists (select from workflow.run r where r.id >= first and r.id < beyond)
        and not exists (select from workflow.run_history h where h.id >= first and h.id < beyond);
end $$;
revoke all on function workflow.is_over(text, timestamptz, timestamptz, interval) from public;

-- Drops the oldest partition that nothing needs any more, and returns its name; null when there is none, or while another
-- node does this. DETACH … CONCURRENTLY is not for tables with a default partition, nor for functions. Dropping locks the
-- table against everybody, but for a change of the catalogue only: the files go after the lock. Whoever waits for that lock
-- has all others wait behind it, so it gives up soon (55P03) and is called again later.
create function workflow.drop_partition(keep interval) returns text
    language plpgsql volatile security definer
    set timezone = 'UTC'
    set lock_timeout = '100ms'
    set search_path = pg_catalog, pg_temp
as $$
declare
    part record;
begin
    if keep < interval '2 days' then
        raise exception 'keep: % (expected: >= 2 days)', keep using errcode = '22023';
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('workflow.drop_partition', 0)) then
        return null;
    end if;
    for part in
        select b.parent, b.child, b.since,
            b.since + case when b.parent = 'run_history' then interval '1 day' else interval '1 month' end as until
        from (
            select p.relname as parent, c.relname as child,
                to_timestamp(substring(c.relname from '_(\d{4}_\d{2}(_\d{2})?)$'),
                    case when p.relname = 'run_history' then 'YYYY_MM_DD' else 'YYYY_MM' end) as since
            from pg_inherits i
            join pg_class p on p.oid = i.inhparent
            join pg_class c on c.oid = i.inhrelid
            where p.relnamespace = 'workflow'::regnamespace and p.relkind = 'p'
                and p.relname in ('run_history', 'journal', 'large_input', 'event', 'inbox') and c.relname ~ '_\d{4}_\d{2}(_\d{2})?$'
        ) b
        order by b.parent = 'run_history' desc, b.since, b.parent
    loop
        if workflow.is_over(part.parent, part.since, part.until, keep) then
            execute format('lock table only workflow.%I in access exclusive mode', part.parent);
            -- Asked again: a run of that time may have been created before the lock, and one created after it writes to
            -- the default partition.
            if workflow.is_over(part.parent, part.since, part.until, keep) then
                execute format('drop table workflow.%I', part.child);
                return part.child;
            end if;
        end if;
    end loop;
    return null;
end $$;
revoke all on function workflow.drop_partition(interval) from public;
grant execute on function workflow.drop_partition(interval) to sluice_engine;

create index run_history_awaited on workflow.run_history (parent_id) where awaited;

-- The same for rows that came when there was no partition for them, and for what runs that are gone left of events: at most so many of each table, and how many went.
create function workflow.forget_unpartitioned(keep interval, max_rows int) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    beyond uuid := workflow.uuid_floor(now() - keep);
    gone bigint := 0;
    more bigint;
begin
    if keep < interval '2 days' then
        raise exception 'keep: % (expected: >= 2 days)', keep using errcode = '22023';
    end if;
    delete from workflow.run_history_other where (id, finished_at) in (
        select h.id, h.finished_at from workflow.run_history_other h
        where h.finished_at < now() - keep
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
        where e.id < beyond and e.id < workflow.received_before() limit max_rows);
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
revoke all on function workflow.forget_unpartitioned(interval, int) from public;
grant execute on function workflow.forget_unpartitioned(interval, int) to sluice_engine;
