-- Lifecycle events of tasks, like those of workflows, are stored for those who listen. A filter whose type is a pattern of
-- lifecycle events has 'io.serverlessworkflow.*' for its type, and takes events of any of them.
create or replace function workflow.is_heard(organization uuid, event_type text) returns boolean
    language plpgsql
as $$
begin
    return exists (
            select from workflow.trigger t
            where t.organization_id = organization and t.type in (event_type, 'io.serverlessworkflow.*')
                and exists (
                    select from workflow.active a
                    where a.organization_id = organization and a.definition_id = t.definition_id))
        or exists (
            select from workflow.filter f
            cross join lateral (select from workflow.listener l where l.filter_id = f.id limit 1) one
            where f.organization_id = organization and f.type in (event_type, 'io.serverlessworkflow.*'));
end $$;

-- Few filters are about lifecycle events, and whoever runs tasks asks for them all the time.
create index trigger_lifecycle on workflow.trigger (organization_id, type)
    where type like 'io.serverlessworkflow.%';
create index filter_lifecycle on workflow.filter (organization_id, type)
    where type like 'io.serverlessworkflow.%';

-- Whether somebody listens for more of a run than its start and its ends. Not stable, as is_heard is not.
create function workflow.is_watched(organization uuid) returns boolean
    language plpgsql
as $$
begin
    return exists (
            select from workflow.trigger t
            where t.organization_id = organization and t.type like 'io.serverlessworkflow.%'
                and t.type !~ '^io\.serverlessworkflow\.workflow\.(started|suspended|resumed|cancelled|faulted|completed)\.v1$'
                and exists (
                    select from workflow.active a
                    where a.organization_id = organization and a.definition_id = t.definition_id))
        or exists (
            select from workflow.filter f
            cross join lateral (select from workflow.listener l where l.filter_id = f.id limit 1) one
            where f.organization_id = organization and f.type like 'io.serverlessworkflow.%'
                and f.type !~ '^io\.serverlessworkflow\.workflow\.(started|suspended|resumed|cancelled|faulted|completed)\.v1$');
end $$;

grant execute on function workflow.is_watched(uuid) to sluice_engine;
