-- Tables of the gateway. Run by sluice_migrate, which owns them and is therefore not bound by their policies;
-- definer functions below rely on that and fix their search path.

create schema if not exists identity;
create schema if not exists ingress;

grant usage on schema identity to sluice_api;
grant usage on schema ingress to sluice_api, sluice_ingest, sluice_engine;

-- identity: organizations, the keys they call with, and the wrapped keys their secrets are sealed with.

create table identity.organization (
    id         uuid primary key,
    name       text not null check (char_length(name) between 1 and 200),
    created_at timestamptz not null default now()
);

create table identity.api_key (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    name            text not null check (char_length(name) between 1 and 200),
    hash            bytea not null unique check (octet_length(hash) = 32),
    scope           smallint not null check (scope in (1, 2)),
    created_at      timestamptz not null default now()
);
create index api_key_organization on identity.api_key (organization_id, id);

create table identity.data_key (
    organization_id uuid primary key references identity.organization (id),
    master_key_id   text not null,
    wrapped         bytea not null,
    created_at      timestamptz not null default now()
);

alter table identity.organization enable row level security;
alter table identity.api_key enable row level security;
alter table identity.data_key enable row level security;

create policy tenant on identity.organization to sluice_api
    using (id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on identity.api_key to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on identity.data_key to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);

grant select, insert on identity.organization, identity.api_key, identity.data_key to sluice_api;

-- Authentication comes before the organization is known: a hash is exchanged for one row.
create function identity.find_api_key(wanted bytea)
    returns table (id uuid, organization_id uuid, scope smallint)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select k.id, k.organization_id, k.scope from identity.api_key k where k.hash = wanted
$$;
revoke all on function identity.find_api_key(bytea) from public;
grant execute on function identity.find_api_key(bytea) to sluice_api;

-- ingress: where webhooks arrive, what arrived, and what arrived before.

create table ingress.endpoint (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    name            text not null check (char_length(name) between 1 and 200),
    source          text not null check (source in ('github', 'generic-hmac')),
    token_hash      bytea not null unique check (octet_length(token_hash) = 32),
    sealed_secret   bytea not null,
    created_at      timestamptz not null default now(),
    unique (organization_id, name)
);

-- The id is a UUID of version 7, so a range of ids is a range of time.
create table ingress.event (
    id              uuid not null,
    organization_id uuid not null,
    endpoint_id     uuid not null,
    source          text not null,
    type            text not null,
    subject         text,
    time            timestamptz not null,
    content_type    text not null,
    data            bytea not null,
    primary key (id)
) partition by range (id);
create index event_organization on ingress.event (organization_id, id desc);

-- Takes what no other partition takes, so that a missing partition loses nothing.
create table ingress.event_default partition of ingress.event default;

create table ingress.dedupe (
    endpoint_id     uuid not null,
    key_hash        bytea not null check (octet_length(key_hash) = 32),
    organization_id uuid not null,
    event_id        uuid not null,
    at              timestamptz not null,
    primary key (endpoint_id, key_hash)
);
create index dedupe_age on ingress.dedupe (at);

alter table ingress.endpoint enable row level security;
alter table ingress.event enable row level security;
alter table ingress.event_default enable row level security;
alter table ingress.dedupe enable row level security;

create policy tenant on ingress.endpoint to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on ingress.event to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on ingress.dedupe to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);

grant select, insert on ingress.endpoint to sluice_api;
grant select on ingress.event to sluice_api;

-- Ingestion appends rows of all organizations in one statement; it reads back only which ids exist.
create policy ingest_insert on ingress.event for insert to sluice_ingest with check (true);
create policy ingest_read_back on ingress.event for select to sluice_ingest using (true);
create policy ingest_insert on ingress.dedupe for insert to sluice_ingest with check (true);
create policy ingest_read_back on ingress.dedupe for select to sluice_ingest using (true);
grant insert, select (id) on ingress.event to sluice_ingest;
grant insert, select (endpoint_id, key_hash, event_id) on ingress.dedupe to sluice_ingest;

-- The executor reads the events of all organizations by id.
create policy engine_read on ingress.event for select to sluice_engine using (true);
grant select on ingress.event to sluice_engine;

create function ingress.find_endpoint(wanted bytea)
    returns table (id uuid, organization_id uuid, source text, sealed_secret bytea)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select e.id, e.organization_id, e.source, e.sealed_secret from ingress.endpoint e where e.token_hash = wanted
$$;
revoke all on function ingress.find_endpoint(bytea) from public;
grant execute on function ingress.find_endpoint(bytea) to sluice_api;

-- Deletes up to so many delivery keys that are older than seven days and returns how many. Rows that others are deleting
-- are left to them.
create function ingress.forget_deliveries(max_rows integer) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from ingress.dedupe d where (d.endpoint_id, d.key_hash) in (
            select o.endpoint_id, o.key_hash from ingress.dedupe o
             where o.at < now() - interval '7 days'
             order by o.at limit max_rows for update skip locked)
        returning 1)
    select count(*) from gone
$$;
revoke all on function ingress.forget_deliveries(integer) from public;
grant execute on function ingress.forget_deliveries(integer) to sluice_api;

-- The smallest id of version 7 with the millisecond of an instant.
create function ingress.first_id_of(instant timestamptz) returns uuid
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
revoke all on function ingress.first_id_of(timestamptz) from public;

-- Creates the partitions from this month to so many months ahead and returns how many are new. A month whose rows
-- already sit in the default partition stays there. Making one locks the table against everybody for a moment: whoever
-- waits for that lock has all inserts wait behind it, so it gives up soon and is called again later.
create function ingress.create_event_partitions(months_ahead integer) returns integer
    language plpgsql security definer
    set timezone = 'UTC'
    set lock_timeout = '500ms'
    set search_path = pg_catalog, pg_temp
as $$
declare
    month   timestamptz;
    name    text;
    created integer := 0;
begin
    if months_ahead not between 0 and 24 then
        raise exception 'months_ahead: % (expected: 0 to 24)', months_ahead using errcode = '22023';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('ingress.create_event_partitions', 0));
    for i in 0..months_ahead loop
        month := date_trunc('month', now(), 'UTC') + make_interval(months => i);
        name := 'event_' || to_char(month at time zone 'UTC', 'YYYY_MM');
        if to_regclass('ingress.' || name) is null then
            begin
                execute format(
                    'create table ingress.%I partition of ingress.event for values from (%L) to (%L)',
                    name, ingress.first_id_of(month), ingress.first_id_of(month + interval '1 month'));
                execute format('alter table ingress.%I enable row level security', name);
                created := created + 1;
            exception when check_violation then
                raise warning 'rows of % are in the default partition; it is kept for them', name;
            end;
        end if;
    end loop;
    return created;
end
$$;
revoke all on function ingress.create_event_partitions(integer) from public;
grant execute on function ingress.create_event_partitions(integer) to sluice_api;
