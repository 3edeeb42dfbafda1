-- Documents elsewhere that a version was compiled with (ADR 47): as they were when it was deployed, whatever becomes of them.
--   sluice_api    writes them with the version
--   sluice_engine crosses organizations: it compiles what the runs it owns use

create table workflow.remote_document (
    definition_id uuid not null references workflow.definition,
    uri text collate "C" not null,
    organization_id uuid not null,
    digest bytea not null,
    content bytea not null,
    fetched_at timestamptz not null default now(),
    primary key (definition_id, uri)
);
create index remote_document_organization on workflow.remote_document (organization_id);

alter table workflow.remote_document enable row level security;
create policy tenant on workflow.remote_document to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
create policy engine on workflow.remote_document for select to sluice_engine using (true);
grant select, insert on workflow.remote_document to sluice_api;
grant select on workflow.remote_document to sluice_engine;
