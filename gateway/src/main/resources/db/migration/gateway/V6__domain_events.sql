-- What changed, for whoever wants to know outside: each change that is recorded is put here in the same transaction, and is taken
-- out by the transaction that has told of it. A gateway of the version before writes its changes by the same function.

create table audit.outbox (
    organization_id uuid not null,
    number          bigint not null,
    at              timestamptz not null,
    primary key (organization_id, number)
);
create index outbox_at on audit.outbox (at);
alter table audit.outbox enable row level security;

create or replace function audit.append(actor text, action text, subject text, denied boolean, request_id text, address text,
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
    if not denied then
        insert into audit.outbox (organization_id, number, at) values (organization, e.number, e.at);
    end if;
    return e.number;
end
$$;

-- Takes up to so many changes out, the oldest first; they are back when the transaction does not commit. One transaction at a
-- time does so, so that an organization's changes are told in their order; the others get none.
create function audit.take_changes(max_rows integer)
    returns table (organization_id uuid, number bigint, at timestamptz, actor text, action text, subject text, detail bytea)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not pg_try_advisory_xact_lock(hashtext('sluice.audit.outbox')) then
        return;
    end if;
    return query
        with taken as (
            delete from audit.outbox o where (o.organization_id, o.number) in (
                select q.organization_id, q.number from audit.outbox q order by q.at, q.number limit max_rows)
            returning o.organization_id, o.number
        )
        select e.organization_id, e.number, e.at, e.actor, e.action, e.subject, e.detail
        from taken t
        join audit.entry e on e.organization_id = t.organization_id and e.number = t.number
        order by e.at, e.number;
end
$$;
revoke all on function audit.take_changes(integer) from public;
grant execute on function audit.take_changes(integer) to sluice_api;
