-- Secrets of organizations, which workflows use (ADR 46).
--   sluice_api    writes what is sealed, and reads names and times: whatever handles a request reads no value back
--   sluice_engine crosses organizations on secret: it reads what the runs it owns use; the keys it cannot read

-- Wrapped with the master key; of executors alone, since gateways have their own.
create table workflow.data_key (
    organization_id uuid primary key,
    master_key_id text not null,
    wrapped bytea not null,
    created_at timestamptz not null default now()
);

-- Each value has an id of its own, which it is sealed for.
create table workflow.secret (
    organization_id uuid not null,
    name text collate "C" not null,
    id uuid not null,
    sealed bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, name)
);

alter table workflow.data_key enable row level security;
create policy tenant on workflow.data_key to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
grant select, insert on workflow.data_key to sluice_api;

alter table workflow.secret enable row level security;
create policy tenant on workflow.secret to sluice_api using (organization_id = workflow.organization())
    with check (organization_id = workflow.organization());
create policy engine on workflow.secret for select to sluice_engine using (true);
grant select (organization_id, name, created_at, updated_at), insert, update (id, sealed, updated_at), delete
    on workflow.secret to sluice_api;
grant select (organization_id, name, id, sealed) on workflow.secret to sluice_engine;
