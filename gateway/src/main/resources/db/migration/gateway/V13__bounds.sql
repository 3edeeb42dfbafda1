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
