-- Organizations below others; keys that may do a part only, for a time, and can be taken back; what changed, for whoever
-- keeps copies. A gateway of the version before goes on beside this: what it writes gets the defaults, and it is shown only
-- keys that may do everything.

alter table identity.organization
    add column parent_id uuid references identity.organization (id),
    add column depth smallint not null default 0 check (depth between 0 and 4),
    add constraint organization_depth check ((parent_id is null) = (depth = 0));
create index organization_parent on identity.organization (parent_id, id) where parent_id is not null;

-- Whoever has organizations below sees and names them, and nothing that is in them.
create policy children on identity.organization for select to sluice_api
    using (parent_id = nullif(current_setting('sluice.organization', true), '')::uuid);

alter table identity.api_key
    add column role         text default 'owner',
    add column permissions  text[],
    add column expires_at   timestamptz,
    add column last_used_at timestamptz,
    add column revoked_at   timestamptz,
    add column replaced_by  uuid references identity.api_key (id),
    add constraint api_key_grant check ((role is null) <> (permissions is null));
grant update (expires_at, revoked_at, replaced_by) on identity.api_key to sluice_api;

create or replace function identity.find_api_key(wanted bytea)
    returns table (id uuid, organization_id uuid, scope smallint)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select k.id, k.organization_id, k.scope
    from identity.api_key k
    where k.hash = wanted and k.role = 'owner' and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;

create function identity.find_caller(wanted bytea)
    returns table (id uuid, organization_id uuid, scope smallint, role text, permissions text[], expires_at timestamptz)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select k.id, k.organization_id, k.scope, k.role, k.permissions, k.expires_at
    from identity.api_key k
    where k.hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;
revoke all on function identity.find_caller(bytea) from public;
grant execute on function identity.find_caller(bytea) to sluice_api;

-- Notes when keys were used, of all organizations at once; ascending, so that two gateways do not wait for each other.
create function identity.touch_api_keys(ids uuid[], instants timestamptz[]) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with used as (
        select u.id, u.at from unnest(ids, instants) as u(id, at)
    ), held as (
        select k.id from identity.api_key k join used u on u.id = k.id
        where k.last_used_at is null or k.last_used_at < u.at
        order by k.id for no key update of k
    ), touched as (
        update identity.api_key k set last_used_at = u.at
        from held h join used u on u.id = h.id where k.id = h.id
        returning 1
    )
    select count(*) from touched
$$;
revoke all on function identity.touch_api_keys(uuid[], timestamptz[]) from public;
grant execute on function identity.touch_api_keys(uuid[], timestamptz[]) to sluice_api;

-- What changed, written in the transaction that changed it.
create table identity.change (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    type            text not null,
    subject         text not null,
    at              timestamptz not null default now()
);
create index change_at on identity.change (at);
alter table identity.change enable row level security;
create policy tenant on identity.change to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert on identity.change to sluice_api;

-- The changes of all organizations in so many seconds. An instant is that of its transaction's begin, so a change may come to
-- light late: ask for more than the time since the last look.
create function identity.recent_changes(seconds double precision)
    returns table (id uuid, organization_id uuid, type text, subject text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select c.id, c.organization_id, c.type, c.subject
    from identity.change c where c.at > now() - make_interval(secs => seconds)
    order by c.at
$$;
revoke all on function identity.recent_changes(double precision) from public;
grant execute on function identity.recent_changes(double precision) to sluice_api;

-- Deletes up to so many changes that are older than a week and returns how many.
create function identity.forget_changes(max_rows integer) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from identity.change c where c.id in (
            select o.id from identity.change o
             where o.at < now() - interval '7 days'
             order by o.at limit max_rows for update skip locked)
        returning 1)
    select count(*) from gone
$$;
revoke all on function identity.forget_changes(integer) from public;
grant execute on function identity.forget_changes(integer) to sluice_api;
