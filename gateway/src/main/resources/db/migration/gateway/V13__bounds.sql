-- What is read and deleted in pieces. A gateway of the version before goes on beside this with the functions it knows.

create index change_at_id on identity.change (at, id);
drop index identity.change_at;

-- As identity.recent_changes, but at most so many, the next ones after one that was found last.
create function identity.next_changes(seconds double precision, after_at timestamptz, after_id uuid, max_rows integer)
    returns table (id uuid, organization_id uuid, type text, subject text, at timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select c.id, c.organization_id, c.type, c.subject, c.at
    from identity.change c
    where (c.at, c.id) > (
        coalesce(after_at, now() - make_interval(secs => seconds)),
        coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
    order by c.at, c.id limit max_rows
$$;
revoke all on function identity.next_changes(double precision, timestamptz, uuid, integer) from public;
grant execute on function identity.next_changes(double precision, timestamptz, uuid, integer) to sluice_api;

create index reset_expires on identity.reset (expires_at);

-- Deletes up to so many sessions, invitations, tokens and resets whose time is over and returns how many.
create or replace function identity.forget_ended(max_rows integer) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with sessions as (
        delete from identity.session s where s.id in (
            select o.id from identity.session o where o.expires_at < now()
             order by o.expires_at limit max_rows for update skip locked)
        returning 1
    ), invitations as (
        delete from identity.invitation i where i.id in (
            select o.id from identity.invitation o where o.expires_at < now() - interval '7 days'
             order by o.expires_at limit max_rows for update skip locked)
        returning 1
    ), tokens as (
        delete from identity.login_token t where t.hash in (
            select o.hash from identity.login_token o where o.expires_at < now()
             order by o.expires_at limit max_rows for update skip locked)
        returning 1
    ), resets as (
        delete from identity.reset r where r.person_id in (
            select o.person_id from identity.reset o where o.expires_at < now()
             order by o.expires_at limit max_rows for update skip locked)
        returning 1)
    select greatest((select count(*) from sessions), (select count(*) from invitations), (select count(*) from tokens),
        (select count(*) from resets))
$$;

-- How many changes wait to be told, counted up to so many, and since when the first does; null for none.
create function audit.untold(most integer) returns table (waiting bigint, since timestamptz)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select (select count(*) from (select from audit.outbox limit most) o), (select min(o.at) from audit.outbox o)
$$;
revoke all on function audit.untold(integer) from public;
grant execute on function audit.untold(integer) to sluice_api;
