-- Drops the oldest month of events that is as old as the policy says and whose events all have their receipts, and returns
-- its name; null when there is none, or while another gateway does this. The executor says how far everything is received;
-- until it has, nothing goes. Dropping locks the table against everybody, but for a change of the catalogue only: the files
-- go after the lock. Whoever waits for that lock has all others wait behind it, so it gives up soon (55P03) and is called
-- again later.
create function ingress.drop_event_partition(keep interval) returns text
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
        select b.child, b.since + interval '1 month' as until
        from (
            select c.relname as child, to_timestamp(substring(c.relname from '\d{4}_\d{2}$'), 'YYYY_MM') as since
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'ingress.event'::regclass and c.relname ~ '^event_\d{4}_\d{2}$'
        ) b
        order by b.since
    loop
        if part.until <= now() - keep and ingress.first_id_of(part.until) <= received then
            execute format('drop table ingress.%I', part.child);
            return part.child;
        end if;
    end loop;
    return null;
end
$$;
revoke all on function ingress.drop_event_partition(interval) from public;
grant execute on function ingress.drop_event_partition(interval) to sluice_api;

-- The same for events that came when there was no partition for them: at most so many, and how many went.
create function ingress.forget_unpartitioned_events(keep interval, max_rows integer) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    received uuid;
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
        select id from ingress.event_default where id < ingress.first_id_of(now() - keep) and id < received
        order by id limit max_rows for update skip locked);
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function ingress.forget_unpartitioned_events(interval, integer) from public;
grant execute on function ingress.forget_unpartitioned_events(interval, integer) to sluice_api;
