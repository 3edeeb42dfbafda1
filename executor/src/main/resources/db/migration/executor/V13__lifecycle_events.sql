-- Lifecycle events of runs are stored for those who listen, and otherwise not at all. Whoever changes the state of a run asks
-- in that statement whether somebody does. Not stable: each call sees what has been committed by then, so that it finds whoever
-- began to listen before, however long the statement around it has been waiting for a lock.
create function workflow.is_heard(organization uuid, event_type text) returns boolean
    language plpgsql
as $$
begin
    return exists (
            select from workflow.trigger t
            where t.organization_id = organization and t.type = event_type
                and exists (
                    select from workflow.active a
                    where a.organization_id = organization and a.definition_id = t.definition_id))
        or exists (
            select from workflow.filter f
            cross join lateral (select from workflow.listener l where l.filter_id = f.id limit 1) one
            where f.organization_id = organization and f.type = event_type);
end $$;

grant execute on function workflow.is_heard(uuid, text) to sluice_engine;
