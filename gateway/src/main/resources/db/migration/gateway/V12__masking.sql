-- Which fields of its data an organization hides. Both services read it where somebody may not see everything; one of the version
-- before knows nothing of it, and of nobody who may not.
create table identity.masking (
    organization_id uuid primary key references identity.organization (id),
    document        bytea not null,
    changed_by      text not null,
    changed_at      timestamptz not null
);

alter table identity.masking enable row level security;
create policy tenant on identity.masking to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update (document, changed_by, changed_at), delete on identity.masking to sluice_api;
