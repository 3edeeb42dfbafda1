-- A deletion that is called off during a step goes on as soon as the step is over: nobody has it any more, and the one whose it
-- was would let its time run out. A step that took longer than its time may so end another's, which reopens: twice is as good as once.
create or replace function identity.end_step(which uuid, former text, next text, finds boolean, executor_has jsonb) returns bigint
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
    if updated = 0 then
        update identity.deletion d set claimed_until = null
        where d.organization_id = which and former = 'waiting' and d.phase = 'reopening';
    end if;
    return updated;
end
$$;
