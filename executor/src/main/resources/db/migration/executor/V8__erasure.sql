-- What an organization takes along, and its end: all of its rows can be read by itself, and all go when the gateway says so.

-- An organization may read what is its own, also what only the engine writes.
grant select on workflow.filter, workflow.listener, workflow.heard, workflow.open_set, workflow.set_place to sluice_api;

-- When a schedule would go on whose organization is closed.
alter table workflow.schedule add column if not exists held_at timestamptz;

-- How far the erasure of an organization has come: the table and page it goes on at, whether this walk through all tables has
-- found anything yet, and how many rows of each have gone.
create table workflow.erasure (
    organization_id uuid primary key,
    relation text not null default '',
    page bigint not null default 0,
    found boolean not null default false,
    counts jsonb not null default '{}',
    touched_at timestamptz not null default now()
);
alter table workflow.erasure enable row level security;
create policy tenant on workflow.erasure to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());

-- Holds the schedules of a closed organization and asks for the end of up to so many of its runs; how many were asked now.
create function workflow.hold(which uuid, max_rows int) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    asked bigint;
begin
    update workflow.schedule s set held_at = s.next_at, next_at = null
    where s.organization_id = which and s.next_at is not null;
    update workflow.run r
    set cancel_requested_at = now(), wake_at = case when r.node is null then now() else r.wake_at end
    where r.id = any (array(
        select o.id from workflow.run o where o.organization_id = which and o.cancel_requested_at is null
        order by o.id limit max_rows for update skip locked));
    get diagnostics asked = row_count;
    return asked;
end $$;
revoke all on function workflow.hold(uuid, int) from public;
grant execute on function workflow.hold(uuid, int) to sluice_engine;

-- Lets the schedules of an organization go on that is open again.
create function workflow.release(which uuid) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    released bigint;
begin
    update workflow.schedule s set next_at = s.held_at, held_at = null
    where s.organization_id = which and s.held_at is not null;
    get diagnostics released = row_count;
    return released;
end $$;
revoke all on function workflow.release(uuid) from public;
grant execute on function workflow.release(uuid) to sluice_engine;

-- Goes on with the walk through all tables that have an organization_id, those of the future too: so many pages, or so many rows,
-- and deletes what is the organization's. Not by index, since most have none by organization: pages are read in their order, as
-- cheap as reading can be. A row that others refer to stays for the next walk. Clean is a whole walk that found nothing. No row
-- when another has its turn.
create function workflow.erase(which uuid, max_pages int, max_rows int)
    returns table (erased bigint, walked boolean, clean boolean, counts text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    e workflow.erasure;
    part record;
    pages_left bigint := max_pages;
    rows_left bigint := max_rows;
    beyond bigint;
    gone bigint;
begin
    insert into workflow.erasure (organization_id) values (which) on conflict (organization_id) do nothing;
    select * into e from workflow.erasure x where x.organization_id = which for update skip locked;
    if not found then
        return;
    end if;
    walked := true;
    <<walk>>
    for part in
        select (n.nspname || '.' || c.relname)::text collate "C" as name, c.oid::regclass as relation,
            (n.nspname || '.' || coalesce(p.relname, c.relname))::text as kind,
            pg_relation_size(c.oid) / current_setting('block_size')::bigint as pages
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
        left join pg_inherits i on i.inhrelid = c.oid
        left join pg_class p on p.oid = i.inhparent
        where c.relkind = 'r' and n.nspname in ('workflow', 'connection', 'chat')
            and n.nspname || '.' || c.relname <> 'workflow.erasure'
            and (n.nspname || '.' || c.relname)::text collate "C" >= e.relation
        order by 1
    loop
        if part.name <> e.relation then
            e.relation := part.name;
            e.page := 0;
        end if;
        while e.page < part.pages loop
            if pages_left <= 0 or rows_left <= 0 then
                walked := false;
                exit walk;
            end if;
            beyond := least(part.pages, e.page + pages_left);
            begin
                execute format('delete from %1$s where ctid = any (array(select ctid from %1$s'
                    || ' where ctid >= $1 and ctid < $2 and organization_id = $3 limit $4))', part.relation)
                using format('(%s,0)', e.page)::tid, format('(%s,0)', beyond)::tid, which, rows_left;
                get diagnostics gone = row_count;
            exception when foreign_key_violation then
                gone := 0;
                e.found := true;
            end;
            rows_left := rows_left - gone;
            if gone > 0 then
                e.found := true;
                e.counts := e.counts || jsonb_build_object(part.kind, coalesce((e.counts ->> part.kind)::bigint, 0) + gone);
            end if;
            if rows_left > 0 then
                pages_left := pages_left - (beyond - e.page);
                e.page := beyond;
            end if;
        end loop;
    end loop;
    erased := max_rows - rows_left;
    clean := walked and not e.found;
    counts := e.counts::text;
    if walked then
        e.relation := '';
        e.page := 0;
        e.found := false;
    end if;
    update workflow.erasure x
    set relation = e.relation, page = e.page, found = e.found, counts = e.counts, touched_at = now()
    where x.organization_id = which;
    return next;
end $$;
revoke all on function workflow.erase(uuid, int, int) from public;
grant execute on function workflow.erase(uuid, int, int) to sluice_engine;

-- Forgets how an erasure went, once its certificate has it.
create function workflow.forget_erasure(which uuid) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    gone bigint;
begin
    delete from workflow.erasure e where e.organization_id = which;
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke all on function workflow.forget_erasure(uuid) from public;
grant execute on function workflow.forget_erasure(uuid) to sluice_engine;

-- Forgets erasures that nobody has gone on with for so long: of a gateway whose last word came after the certificate.
create function workflow.forget_erasures(max_rows int) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from workflow.erasure e where e.organization_id in (
            select o.organization_id from workflow.erasure o where o.touched_at < now() - interval '7 days'
            limit max_rows for update skip locked)
        returning 1)
    select count(*) from gone
$$;
revoke all on function workflow.forget_erasures(int) from public;
grant execute on function workflow.forget_erasures(int) to sluice_engine;
