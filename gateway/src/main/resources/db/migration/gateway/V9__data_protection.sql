-- The end of an organization: it is closed when somebody asks for it, can be kept for a while, and then all that is its own goes
-- in small steps, of which this remembers how far they have come. A gateway of the version before knows of no closed ones.

alter table identity.organization add column closed_at timestamptz;
grant update (closed_at) on identity.organization to sluice_api;

-- phase: waiting (may be kept), reopening (is kept), gateway, executor, redis, settled.
-- found: whether this round through both services has found anything; a round that has not is the last.
-- relation, page: where this walk through the gateway's tables goes on.
create table identity.deletion (
    organization_id uuid primary key references identity.organization (id),
    requested_by    text not null,
    requested_at    timestamptz not null default now(),
    due_at          timestamptz not null,
    token_hash      bytea not null unique check (octet_length(token_hash) = 32),
    phase           text not null default 'waiting'
        check (phase in ('waiting', 'reopening', 'gateway', 'executor', 'redis', 'settled')),
    found           boolean not null default false,
    relation        text not null default '',
    page            bigint not null default 0,
    counts          jsonb not null default '{}',
    executor_counts jsonb not null default '{}',
    stepped_at      timestamptz,
    claimed_until   timestamptz
);
alter table identity.deletion enable row level security;
create policy tenant on identity.deletion to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert on identity.deletion to sluice_api;
grant update (phase) on identity.deletion to sluice_api;

-- Organizations that were: nobody comes in as one of them, with whatever token of a provider. Their ids and nothing else.
create table identity.tombstone (
    id         uuid primary key,
    deleted_at timestamptz not null default now()
);
alter table identity.tombstone enable row level security;

-- None is made below one that is closed, not even at the same moment.
create function identity.require_open_parent() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform from identity.organization o where o.id = new.parent_id and o.closed_at is null for share;
    if not found then
        raise exception 'organization % is closed', new.parent_id
            using errcode = '23514', constraint = 'organization_parent_open';
    end if;
    return new;
end
$$;
revoke all on function identity.require_open_parent() from public;
create trigger require_open_parent before insert on identity.organization
    for each row when (new.parent_id is not null) execute function identity.require_open_parent();

-- Who is closed or gone.
create function identity.closed_organizations(max_rows integer) returns setof uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    (select d.organization_id from identity.deletion d)
    union all
    (select t.id from identity.tombstone t order by t.deleted_at desc limit max_rows)
$$;
revoke all on function identity.closed_organizations(integer) from public;
grant execute on function identity.closed_organizations(integer) to sluice_api;

-- Whose deletion a token may still call off.
create function identity.find_deletion(wanted bytea) returns table (organization_id uuid)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select d.organization_id from identity.deletion d where d.token_hash = wanted and d.phase = 'waiting'
$$;
revoke all on function identity.find_deletion(bytea) from public;
grant execute on function identity.find_deletion(bytea) to sluice_api;

-- All that are under way, for the platform.
create function identity.deletions(before uuid, max_rows integer)
    returns table (organization_id uuid, name text, requested_by text, requested_at timestamptz, due_at timestamptz, phase text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select d.organization_id, o.name, d.requested_by, d.requested_at, d.due_at, d.phase
    from identity.deletion d join identity.organization o on o.id = d.organization_id
    where d.organization_id < before order by d.organization_id desc limit max_rows
$$;
revoke all on function identity.deletions(uuid, integer) from public;
grant execute on function identity.deletions(uuid, integer) to sluice_api;

-- Takes the deletion that nobody has gone on with for longest, for as long as a step may last; one whose time has come begins.
create function identity.claim_deletion(lease interval, pause interval) returns table (organization_id uuid, phase text, finds boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
        update identity.deletion d
        set claimed_until = clock_timestamp() + lease,
            phase = case when d.phase = 'waiting' and d.due_at <= now()
                and not exists (select from identity.organization o where o.parent_id = d.organization_id)
                then 'gateway' else d.phase end
        where d.organization_id = (
            select n.organization_id from identity.deletion n
            where (n.claimed_until is null or n.claimed_until < clock_timestamp())
                and (n.phase <> 'waiting' or n.due_at <= now() or n.stepped_at is null or n.stepped_at < now() - pause)
            order by n.stepped_at nulls first, n.organization_id limit 1 for update skip locked)
        returning d.organization_id, d.phase, d.found;
end
$$;
revoke all on function identity.claim_deletion(interval, interval) from public;
grant execute on function identity.claim_deletion(interval, interval) to sluice_api;

-- The step is over, and this comes next; nothing when the phase is another by now.
create function identity.end_step(which uuid, former text, next text, finds boolean, executor_has jsonb) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    updated bigint;
begin
    update identity.deletion d
    set phase = next, claimed_until = null, stepped_at = clock_timestamp(),
        found = case when former = 'executor' and next <> 'executor' then false else d.found or finds end,
        executor_counts = coalesce(executor_has, d.executor_counts)
    where d.organization_id = which and d.phase = former;
    get diagnostics updated = row_count;
    return updated;
end
$$;
revoke all on function identity.end_step(uuid, text, text, boolean, jsonb) from public;
grant execute on function identity.end_step(uuid, text, text, boolean, jsonb) to sluice_api;

-- Goes on with the walk through all tables of the gateway that have an organization_id, as workflow.erase does, of an
-- organization whose time has come. People who belong to no other go with it. No row when another has its turn.
create function identity.erase(which uuid, max_pages integer, max_rows integer)
    returns table (erased bigint, walked boolean, finds boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    d identity.deletion;
    part record;
    pages_left bigint := max_pages;
    rows_left bigint := max_rows;
    beyond bigint;
    gone bigint;
    people uuid[];
begin
    select * into d from identity.deletion x
    where x.organization_id = which and x.phase = 'gateway' and x.due_at <= now() for update skip locked;
    if d.organization_id is null then
        return;
    end if;
    people := array(
        select m.person_id from identity.member m
        where m.organization_id = which
            and not exists (select from identity.member o where o.person_id = m.person_id and o.organization_id <> which)
        order by m.person_id limit max_rows for update skip locked);
    if cardinality(people) > 0 then
        delete from identity.member m where m.organization_id = which and m.person_id = any (people);
        get diagnostics gone = row_count;
        rows_left := rows_left - gone;
        d.counts := d.counts || jsonb_build_object(
            'identity.member', coalesce((d.counts ->> 'identity.member')::bigint, 0) + gone);
        delete from identity.person p where p.id = any (people)
            and not exists (select from identity.member o where o.person_id = p.id);
        get diagnostics gone = row_count;
        d.counts := d.counts || jsonb_build_object(
            'identity.person', coalesce((d.counts ->> 'identity.person')::bigint, 0) + gone);
        d.found := true;
    end if;
    update identity.api_key k set replaced_by = null where k.organization_id = which and k.replaced_by is not null;
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
        where c.relkind = 'r' and n.nspname in ('identity', 'ingress', 'audit', 'delivery')
            and n.nspname || '.' || c.relname not in ('identity.deletion', 'audit.head')
            and (n.nspname || '.' || c.relname)::text collate "C" >= d.relation
        order by 1
    loop
        if part.name <> d.relation then
            d.relation := part.name;
            d.page := 0;
        end if;
        while d.page < part.pages loop
            if pages_left <= 0 or rows_left <= 0 then
                walked := false;
                exit walk;
            end if;
            beyond := least(part.pages, d.page + pages_left);
            begin
                execute format('delete from %1$s where ctid = any (array(select ctid from %1$s'
                    || ' where ctid >= $1 and ctid < $2 and organization_id = $3 limit $4))', part.relation)
                using format('(%s,0)', d.page)::tid, format('(%s,0)', beyond)::tid, which, rows_left;
                get diagnostics gone = row_count;
            exception when foreign_key_violation then
                gone := 0;
                d.found := true;
            end;
            rows_left := rows_left - gone;
            if gone > 0 then
                d.found := true;
                d.counts := d.counts || jsonb_build_object(part.kind, coalesce((d.counts ->> part.kind)::bigint, 0) + gone);
            end if;
            if rows_left > 0 then
                pages_left := pages_left - (beyond - d.page);
                d.page := beyond;
            end if;
        end loop;
    end loop;
    if walked then
        d.relation := '';
        d.page := 0;
    end if;
    erased := max_rows - rows_left;
    finds := d.found;
    update identity.deletion x
    set relation = d.relation, page = d.page, found = d.found, counts = d.counts
    where x.organization_id = which;
    return next;
end
$$;
revoke all on function identity.erase(uuid, integer, integer) from public;
grant execute on function identity.erase(uuid, integer, integer) to sluice_api;

-- The last step, and what its certificate has to say: how many rows of each table went, and how the chain of the audit log ended.
-- What still refers to the organization refuses (23503). No row when it was done.
create function identity.finish_deletion(which uuid)
    returns table (parent_id uuid, requested_by text, requested_at timestamptz, counts text, entries bigint, head bytea)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    d identity.deletion;
begin
    select * into d from identity.deletion x where x.organization_id = which and x.phase = 'settled' for update;
    if d.organization_id is null then
        return;
    end if;
    return query
        select o.parent_id, d.requested_by, d.requested_at, (d.counts || d.executor_counts)::text,
            coalesce(h.number, 0), coalesce(h.hash, sha256(''))
        from identity.organization o left join audit.head h on h.organization_id = o.id
        where o.id = which;
    delete from audit.head h where h.organization_id = which;
    delete from identity.deletion x where x.organization_id = which;
    delete from identity.organization o where o.id = which;
    insert into identity.tombstone (id) values (which);
end
$$;
revoke all on function identity.finish_deletion(uuid) from public;
grant execute on function identity.finish_deletion(uuid) to sluice_api;

-- It is open again; whether it was.
create function identity.reopen(which uuid) returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.deletion d where d.organization_id = which and d.phase = 'reopening';
    if found then
        update identity.organization o set closed_at = null where o.id = which;
    end if;
    return found;
end
$$;
revoke all on function identity.reopen(uuid) from public;
grant execute on function identity.reopen(uuid) to sluice_api;

-- What people agreed to. A row is written once; only its end is added, once. The text's version says what it was.
create table identity.consent (
    id           uuid primary key,
    person_id    uuid not null references identity.person (id) on delete cascade,
    purpose      text not null check (purpose ~ '^[a-z][a-z0-9.-]{0,62}$'),
    version      text not null check (char_length(version) between 1 and 100),
    given_at     timestamptz not null default now(),
    withdrawn_at timestamptz check (withdrawn_at >= given_at)
);
create index consent_person on identity.consent (person_id, id);
-- One that holds for each purpose.
create unique index consent_held on identity.consent (person_id, purpose) where withdrawn_at is null;
alter table identity.consent enable row level security;
create policy self on identity.consent to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
grant select, insert on identity.consent to sluice_api;
grant update (withdrawn_at) on identity.consent to sluice_api;

create function identity.keep_consent() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if old.withdrawn_at is not null then
        raise exception 'consent % was withdrawn', old.id using errcode = '23514', constraint = 'consent_withdrawn';
    end if;
    return new;
end
$$;
create trigger keep_consent before update on identity.consent
    for each row execute function identity.keep_consent();

-- What somebody did, for their own export.
create index entry_actor on audit.entry (organization_id, actor, number);

-- Ends the person of the transaction: all that is theirs, and the invitations to their address. Gives the organizations they
-- belonged to, for the records there. The last owner of one that is open stays (23514, member_last_owner).
create function identity.erase_person(which uuid) returns setof uuid
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    organizations uuid[];
    owned uuid;
begin
    if which is distinct from nullif(current_setting('sluice.person', true), '')::uuid then
        raise exception 'person % is not the one of the transaction', which using errcode = '42501';
    end if;
    perform from identity.person p where p.id = which for update;
    organizations := array(
        select m.organization_id from identity.member m where m.person_id = which order by m.organization_id);
    for owned in
        select m.organization_id from identity.member m join identity.organization o on o.id = m.organization_id
        where m.person_id = which and m.role = 'owner' and o.closed_at is null order by m.organization_id
    loop
        perform from identity.member m where m.organization_id = owned and m.role = 'owner'
        order by m.person_id for no key update;
        if not exists (
            select from identity.member m
            where m.organization_id = owned and m.role = 'owner' and m.person_id <> which) then
            raise exception 'the last owner of %', owned using errcode = '23514', constraint = 'member_last_owner';
        end if;
    end loop;
    delete from identity.invitation i where i.email = (select p.email from identity.person p where p.id = which);
    delete from identity.member m where m.person_id = which;
    delete from identity.person p where p.id = which;
    return query select o from unnest(organizations) o;
end
$$;
revoke all on function identity.erase_person(uuid) from public;
grant execute on function identity.erase_person(uuid) to sluice_api;
