-- audit: who changed what, and who was refused. Rows are only ever appended: by a function, which chains each to the one
-- before it, so that a row that was changed, or taken out of the middle, is found.

create schema if not exists audit;
grant usage on schema audit to sluice_api;

create table audit.entry (
    organization_id uuid not null references identity.organization (id),
    number          bigint not null,
    at              timestamptz not null,
    actor           text not null,
    action          text not null,
    subject         text not null,
    denied          boolean not null,
    request_id      text not null,
    address         text not null,
    detail          bytea not null,
    hash            bytea not null check (octet_length(hash) = 32),
    primary key (organization_id, number)
);

-- The end of each chain.
create table audit.head (
    organization_id uuid primary key references identity.organization (id),
    number          bigint not null,
    hash            bytea not null
);

alter table audit.entry enable row level security;
alter table audit.head enable row level security;
create policy tenant on audit.entry for select to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select on audit.entry to sluice_api;

-- SHA-256 of the former hash and everything in the row; a JSON array tells where each value ends.
create function audit.hash_of(former bytea, e audit.entry) returns bytea
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select sha256(former || convert_to(jsonb_build_array(
            e.organization_id, e.number, (extract(epoch from e.at) * 1000000)::bigint, e.actor, e.action, e.subject,
            e.denied, e.request_id, e.address, encode(e.detail, 'hex'))::text, 'UTF8'))
$$;
revoke all on function audit.hash_of(bytea, audit.entry) from public;

-- Appends to the chain of the transaction's own organization, and to no other; the lock on its end holds until the
-- transaction ends.
create function audit.append(actor text, action text, subject text, denied boolean, request_id text, address text,
        detail bytea) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    organization uuid := nullif(current_setting('sluice.organization', true), '')::uuid;
    former audit.head;
    e audit.entry;
begin
    insert into audit.head (organization_id, number, hash) values (organization, 0, sha256(''))
        on conflict (organization_id) do nothing;
    select * into strict former from audit.head h where h.organization_id = organization for update;
    e := row (organization, former.number + 1, clock_timestamp(), actor, action, subject, denied, request_id, address, detail,
        null)::audit.entry;
    e.hash := audit.hash_of(former.hash, e);
    insert into audit.entry select (e).*;
    update audit.head h set number = e.number, hash = e.hash where h.organization_id = organization;
    return e.number;
end
$$;
revoke all on function audit.append(text, text, text, boolean, text, text, bytea) from public;
grant execute on function audit.append(text, text, text, boolean, text, text, bytea) to sluice_api;

-- Goes through the chain of the transaction's own organization: how many rows it has, and the first that does not follow
-- from the one before it; null when all do. A row missing at the end is found too.
create function audit.verify() returns table (entries bigint, broken_at bigint)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with organization as (
        select nullif(current_setting('sluice.organization', true), '')::uuid as id
    ), chain as (
        select e.number, e.hash,
            e.number = 1 + coalesce(lag(e.number) over w, 0)
                and e.hash = audit.hash_of(coalesce(lag(e.hash) over w, sha256('')), e) as follows
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
revoke all on function audit.verify() from public;
grant execute on function audit.verify() to sluice_api;
