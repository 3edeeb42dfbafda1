-- What organizations say about themselves and gateways go by. A gateway of the version before goes on beside this and knows
-- nothing of it.

-- Which origins' pages may call.
create table identity.cors (
    organization_id uuid primary key references identity.organization (id),
    document        bytea not null,
    changed_by      text not null,
    changed_at      timestamptz not null
);

alter table identity.cors enable row level security;
create policy tenant on identity.cors to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update (document, changed_by, changed_at), delete on identity.cors to sluice_api;

-- How long an organization has its own things kept, within what the installation keeps, and whether they are held: then nothing
-- of it goes by retention. Absent periods are the installation's.
create table identity.retention (
    organization_id uuid primary key references identity.organization (id),
    runs_days       integer check (runs_days between 2 and 36500),
    events_days     integer check (events_days between 7 and 36500),
    audit_days      integer check (audit_days between 365 and 36500),
    hold            boolean not null default false,
    hold_reason     text,
    changed_by      text not null,
    changed_at      timestamptz not null,
    check (hold = (hold_reason is not null))
);

alter table identity.retention enable row level security;
create policy tenant on identity.retention to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update (runs_days, events_days, audit_days, hold, hold_reason, changed_by, changed_at), delete
    on identity.retention to sluice_api;

-- For the functions by which either service forgets; nobody else asks.
create function identity.retention_periods()
    returns table (organization_id uuid, runs_days integer, events_days integer, hold boolean)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.organization_id, r.runs_days, r.events_days, r.hold from identity.retention r
$$;
revoke all on function identity.retention_periods() from public;

-- As before, and no month in which events are held.
create or replace function ingress.drop_event_partition(keep interval) returns text
    language plpgsql volatile security definer
    set timezone = 'UTC'
    set lock_timeout = '100ms'
    set search_path = pg_catalog, pg_temp
as $$
declare
    received uuid;
    part record;
begin
    -- A delivery that is repeated within a week is answered with its event.
    if keep < interval '7 days' then
        raise exception 'keep: % (expected: >= 7 days)', keep using errcode = '22023';
    end if;
    if to_regprocedure('workflow.received_before()') is null
        or not pg_try_advisory_xact_lock(hashtextextended('ingress.drop_event_partition', 0)) then
        return null;
    end if;
    execute 'select workflow.received_before()' into received;
    for part in
        select b.child, b.since, b.since + interval '1 month' as until
        from (
            select c.relname as child, to_timestamp(substring(c.relname from '\d{4}_\d{2}$'), 'YYYY_MM') as since
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'ingress.event'::regclass and c.relname ~ '^event_\d{4}_\d{2}$'
        ) b
        order by b.since
    loop
        if part.until <= now() - keep and ingress.first_id_of(part.until) <= received
            and not exists (
                select from identity.retention r where r.hold and exists (
                    select from ingress.event e
                    where e.organization_id = r.organization_id
                        and e.id >= ingress.first_id_of(part.since) and e.id < ingress.first_id_of(part.until)))
        then
            execute format('drop table ingress.%I', part.child);
            return part.child;
        end if;
    end loop;
    return null;
end
$$;

create or replace function ingress.forget_unpartitioned_events(keep interval, max_rows integer) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    received uuid;
    held uuid[] := array(select r.organization_id from identity.retention r where r.hold);
    gone bigint;
begin
    if keep < interval '7 days' then
        raise exception 'keep: % (expected: >= 7 days)', keep using errcode = '22023';
    end if;
    if to_regprocedure('workflow.received_before()') is null then
        return 0;
    end if;
    execute 'select workflow.received_before()' into received;
    delete from ingress.event_default where id in (
        select id from ingress.event_default
        where id < ingress.first_id_of(now() - keep) and id < received and organization_id <> all (held)
        order by id limit max_rows for update skip locked);
    get diagnostics gone = row_count;
    return gone;
end
$$;

-- Deletes up to so many received events of organizations that keep them for less than the installation does; and, while anything
-- is held, those of all others that would have gone with their month. By the organization's index, so that one with nothing to
-- forget costs one look. One gateway at a time.
create function ingress.forget_events(keep interval, max_rows integer) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    received uuid;
    held uuid[] := array(select r.organization_id from identity.retention r where r.hold);
    part record;
    beyond uuid;
    room bigint := max_rows;
    gone bigint;
begin
    if keep < interval '7 days' then
        raise exception 'keep: % (expected: >= 7 days)', keep using errcode = '22023';
    end if;
    if to_regprocedure('workflow.received_before()') is null
        or not pg_try_advisory_xact_lock(hashtextextended('ingress.forget_events', 0)) then
        return 0;
    end if;
    execute 'select workflow.received_before()' into received;
    -- The least of a date and nothing would be the date.
    received := coalesce(received, ingress.first_id_of('epoch'));
    for part in
        select o.id, least(make_interval(days => r.events_days), keep) as keep
        from identity.organization o left join identity.retention r on r.organization_id = o.id
        where o.id <> all (held) and (r.events_days is not null or held <> '{}')
        order by random()
    loop
        beyond := least(ingress.first_id_of(now() - part.keep), received);
        delete from ingress.event e where e.id = any (array(
            select x.id from ingress.event x where x.organization_id = part.id and x.id < beyond
            order by x.organization_id desc, x.id limit room for update skip locked))
            and e.id < beyond;
        get diagnostics gone = row_count;
        room := room - gone;
        exit when room <= 0;
    end loop;
    return max_rows - room;
end
$$;
revoke all on function ingress.forget_events(interval, integer) from public;
grant execute on function ingress.forget_events(interval, integer) to sluice_api;

-- Where a chain begins whose first entries were forgotten: with the number and hash of the last of those.
alter table audit.head add column base_number bigint not null default 0;
alter table audit.head add column base_hash bytea not null default sha256('');

create or replace function audit.verify() returns table (entries bigint, broken_at bigint)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with organization as (
        select nullif(current_setting('sluice.organization', true), '')::uuid as id
    ), base as (
        select coalesce(max(h.base_number), 0) as number, coalesce((array_agg(h.base_hash))[1], sha256('')) as hash
        from audit.head h where h.organization_id = (select id from organization)
    ), chain as (
        select e.number, e.hash,
            e.number = 1 + coalesce(lag(e.number) over w, (select number from base))
                and e.hash = audit.hash_of(coalesce(lag(e.hash) over w, (select hash from base)), e) as follows
        from audit.entry e where e.organization_id = (select id from organization)
        window w as (order by e.number)
    )
    select (select count(*) from chain),
        coalesce(
            (select min(c.number) from chain c where not c.follows),
            (select h.number from audit.head h
              where h.organization_id = (select id from organization)
                and not exists (select from chain c where c.number = h.number and c.hash = h.hash) and h.number > 0))
$$;

-- How many entries of the transaction's own organization were forgotten.
create function audit.forgotten() returns bigint
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce(max(h.base_number), 0) from audit.head h
    where h.organization_id = nullif(current_setting('sluice.organization', true), '')::uuid
$$;
revoke all on function audit.forgotten() from public;
grant execute on function audit.forgotten() to sluice_api;

-- Takes up to so many entries from the beginning of chains, by whole months, of organizations that keep theirs for so long only;
-- never the last one. What was taken is said at the end of the chain, with number and hash of the last of it, so that a copy that
-- somebody has can be held against what is left. One gateway at a time.
create function audit.forget(max_rows integer) returns bigint
    language plpgsql volatile security definer
    set timezone = 'UTC'
    set search_path = pg_catalog, pg_temp
as $$
declare
    part record;
    h audit.head;
    last audit.entry;
    room bigint := max_rows;
    gone bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('audit.forget', 0)) then
        return 0;
    end if;
    for part in
        select r.organization_id as id, date_trunc('month', now() - make_interval(days => r.audit_days)) as beyond
        from identity.retention r
        join audit.head x on x.organization_id = r.organization_id
        join audit.entry e on e.organization_id = x.organization_id and e.number = x.base_number + 1
        where not r.hold and r.audit_days is not null and x.number > e.number
            and e.at < date_trunc('month', now() - make_interval(days => r.audit_days))
    loop
        select * into strict h from audit.head x where x.organization_id = part.id for update;
        select * into last from audit.entry e
        where e.organization_id = part.id and e.number <= least(h.base_number + room, h.number - 1) and e.at < part.beyond
        order by e.number desc limit 1;
        continue when not found;
        delete from audit.entry e where e.organization_id = part.id and e.number <= last.number;
        get diagnostics gone = row_count;
        update audit.head x set base_number = last.number, base_hash = last.hash where x.organization_id = part.id;
        perform set_config('sluice.organization', part.id::text, true);
        perform audit.append('sluice', 'audit.forget', 'organization:' || part.id, false, 'unknown', 'unknown',
            convert_to(jsonb_build_object('entries', gone, 'last', last.number, 'hash', encode(last.hash, 'hex'))::text, 'UTF8'));
        room := room - gone;
        exit when room <= 0;
    end loop;
    perform set_config('sluice.organization', '', true);
    return max_rows - room;
end
$$;
revoke all on function audit.forget(integer) from public;
grant execute on function audit.forget(integer) to sluice_api;
