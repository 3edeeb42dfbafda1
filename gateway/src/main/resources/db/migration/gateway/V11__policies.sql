-- What organizations say about themselves and gateways go by. A gateway of the version before goes on beside this and knows
-- nothing of it.

-- Which origins' pages may call.
create table identity.cors (
    organization_id uuid primary key references identity.organization (id),
    document        bytea not null,
    changed_by      text not null,
    changed_at      timestamptz not null
);

alter table identity.cors enable row level security;
create policy tenant on identity.cors to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update (document, changed_by, changed_at), delete on identity.cors to sluice_api;
