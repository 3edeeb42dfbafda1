-- Routes that organizations publish. A gateway of the version before goes on beside this and knows nothing of it.

create table ingress.route (
    organization_id uuid not null references identity.organization (id),
    name            text not null check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    path            text not null,
    version         integer not null check (version > 0),
    purges          integer not null default 0,
    created_at      timestamptz not null default now(),
    primary key (organization_id, name),
    constraint route_path unique (organization_id, path)
);

-- What was written stays as it was written; a version that is taken up again is the same one.
create table ingress.route_version (
    id              uuid primary key,
    organization_id uuid not null,
    name            text not null,
    version         integer not null check (version > 0),
    document        bytea not null,
    sealed_headers  bytea,
    created_by      text not null,
    created_at      timestamptz not null,
    unique (organization_id, name, version),
    foreign key (organization_id, name) references ingress.route (organization_id, name) on delete cascade
);

alter table ingress.route enable row level security;
alter table ingress.route_version enable row level security;
create policy tenant on ingress.route to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on ingress.route_version to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update (path, version, purges), delete on ingress.route to sluice_api;
grant select, insert, delete on ingress.route_version to sluice_api;
