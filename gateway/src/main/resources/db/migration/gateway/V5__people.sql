-- People: who they are, which organizations they belong to, how they come in. A gateway of the version before goes on
-- beside this and knows nothing of it.

-- A person belongs to any number of organizations. What proves who they are is read by functions only, one person's at a
-- time; nobody may select it.
create table identity.person (
    id             uuid primary key,
    email          text not null unique check (email = lower(email) and char_length(email) between 3 and 254),
    name           text not null check (char_length(name) between 1 and 200),
    password       text not null,
    generation     integer not null default 0,
    failures       integer not null default 0,
    locked_until   timestamptz,
    sealed_secret  bytea,
    second_factor  boolean not null default false check (not second_factor or sealed_secret is not null),
    last_step      bigint not null default 0,
    created_at     timestamptz not null default now()
);

-- Codes for whoever has lost the second factor, each good once.
create table identity.recovery_code (
    person_id uuid not null references identity.person (id) on delete cascade,
    hash      bytea not null check (octet_length(hash) = 32),
    primary key (person_id, hash)
);

-- Roles that an organization made for itself.
create table identity.role (
    organization_id uuid not null references identity.organization (id),
    name            text not null check (name ~ '^[a-z][a-z0-9-]{0,62}$' and name not in ('owner', 'admin', 'member', 'viewer')),
    permissions     text[] not null,
    created_at      timestamptz not null default now(),
    primary key (organization_id, name)
);

-- Exactly one of a role that all organizations have, and one of the organization's own.
create table identity.member (
    organization_id uuid not null references identity.organization (id),
    person_id       uuid not null references identity.person (id),
    role            text check (role in ('owner', 'admin', 'member', 'viewer')),
    own_role        text,
    created_at      timestamptz not null default now(),
    primary key (organization_id, person_id),
    check ((role is null) <> (own_role is null)),
    foreign key (organization_id, own_role) references identity.role (organization_id, name)
);
create index member_person on identity.member (person_id, created_at);
create index member_own_role on identity.member (organization_id, own_role) where own_role is not null;

create table identity.invitation (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    email           text not null check (email = lower(email) and char_length(email) between 3 and 254),
    role            text check (role in ('owner', 'admin', 'member', 'viewer')),
    own_role        text,
    token_hash      bytea not null unique check (octet_length(token_hash) = 32),
    invited_by      text not null,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    check ((role is null) <> (own_role is null)),
    foreign key (organization_id, own_role) references identity.role (organization_id, name)
);
create index invitation_organization on identity.invitation (organization_id, id);
create index invitation_own_role on identity.invitation (organization_id, own_role) where own_role is not null;
create index invitation_expires on identity.invitation (expires_at);

-- A session acts in one of the person's organizations at a time, and goes with the membership.
create table identity.session (
    id              uuid primary key,
    person_id       uuid not null references identity.person (id) on delete cascade,
    organization_id uuid not null references identity.organization (id),
    hash            bytea not null unique check (octet_length(hash) = 32),
    agent           text not null,
    address         text not null,
    created_at      timestamptz not null,
    seen_at         timestamptz not null,
    expires_at      timestamptz not null,
    foreign key (organization_id, person_id) references identity.member (organization_id, person_id) on delete cascade
);
create index session_member on identity.session (organization_id, person_id);
create index session_person on identity.session (person_id, id);
create index session_expires on identity.session (expires_at);

-- What lets somebody set a new password once, who has forgotten theirs.
create table identity.reset (
    person_id             uuid primary key references identity.person (id) on delete cascade,
    hash                  bytea not null unique check (octet_length(hash) = 32),
    removes_second_factor boolean not null,
    expires_at            timestamptz not null
);

-- What proves who somebody is has a generation: whoever proved it with an earlier one has proved nothing.
create function identity.next_generation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.password is distinct from old.password or new.second_factor is distinct from old.second_factor
            or new.sealed_secret is distinct from old.sealed_secret then
        new.generation := old.generation + 1;
        delete from identity.reset r where r.person_id = new.id;
    end if;
    return new;
end
$$;
create trigger next_generation before update of password, second_factor, sealed_secret on identity.person
    for each row execute function identity.next_generation();

-- A reset is good for what its person was when it was made: one who belongs to another organization since, or may do more,
-- is somebody else.
create function identity.forget_resets() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_table_name = 'role' then
        delete from identity.reset r using identity.member m
        where r.person_id = m.person_id and m.organization_id = new.organization_id and m.own_role = new.name;
    elsif tg_op = 'DELETE' then
        delete from identity.reset r where r.person_id = old.person_id;
    else
        delete from identity.reset r where r.person_id = new.person_id;
    end if;
    return null;
end
$$;
create trigger forget_resets after insert or update or delete on identity.member
    for each row execute function identity.forget_resets();
create trigger forget_resets after update on identity.role
    for each row execute function identity.forget_resets();
revoke all on function identity.next_generation(), identity.forget_resets() from public;

alter table identity.person enable row level security;
alter table identity.recovery_code enable row level security;
alter table identity.role enable row level security;
alter table identity.member enable row level security;
alter table identity.invitation enable row level security;
alter table identity.session enable row level security;
alter table identity.reset enable row level security;

-- A transaction is one organization's, one person's, or both.
create policy self on identity.person to sluice_api
    using (id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy colleagues on identity.person for select to sluice_api
    using (exists (
        select from identity.member m
        where m.person_id = person.id
          and m.organization_id = nullif(current_setting('sluice.organization', true), '')::uuid));
create policy self on identity.recovery_code to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy tenant on identity.role to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy tenant on identity.member to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy self on identity.member for select to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy tenant on identity.invitation to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
create policy self on identity.session to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy self on identity.reset to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy memberships on identity.organization for select to sluice_api
    using (exists (
        select from identity.member m
        where m.organization_id = organization.id
          and m.person_id = nullif(current_setting('sluice.person', true), '')::uuid));

grant insert, select (id, email, name, generation, second_factor, last_step, created_at),
    update (name, password, failures, locked_until, sealed_secret, second_factor, last_step) on identity.person to sluice_api;
grant select, insert, delete on identity.recovery_code to sluice_api;
grant select, insert, update, delete on identity.role to sluice_api;
grant select, insert, update, delete on identity.member to sluice_api;
grant select, insert, delete on identity.invitation to sluice_api;
grant select, insert, delete on identity.session to sluice_api;
grant select, insert, update, delete on identity.reset to sluice_api;

-- Takes one of the attempts that a person has to come in, before it is looked at: however many try at once, each counts. From
-- the fifth failure in a row on, the next attempt has to wait, twice as long each time, up to fifteen minutes.
create function identity.attempt(wanted text)
    returns table (id uuid, generation integer, password text, second_factor boolean, sealed_secret bytea, locked boolean)
    language plpgsql volatile security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    p identity.person;
begin
    select * into p from identity.person q where q.email = wanted for no key update;
    if not found then
        return;
    end if;
    if p.locked_until > clock_timestamp() then
        return query select p.id, p.generation, p.password, p.second_factor, p.sealed_secret, true;
        return;
    end if;
    update identity.person q
       set failures = q.failures + 1,
           locked_until = case when q.failures >= 4
               then clock_timestamp() + least(interval '15 minutes', interval '15 seconds' * power(2, least(q.failures - 4, 10)))
           end
     where q.id = p.id;
    return query select p.id, p.generation, p.password, p.second_factor, p.sealed_secret, false;
end
$$;
revoke all on function identity.attempt(text) from public;
grant execute on function identity.attempt(text) to sluice_api;

-- An invitation by its token; whoever has that may see whom and where to it invites.
create function identity.find_invitation(wanted bytea)
    returns table (id uuid, organization_id uuid, organization text, email text, role text, own_role text, expires_at timestamptz,
        person_id uuid)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select i.id, i.organization_id, o.name, i.email, i.role, i.own_role, i.expires_at, p.id
    from identity.invitation i
    join identity.organization o on o.id = i.organization_id
    left join identity.person p on p.email = i.email
    where i.token_hash = wanted and i.expires_at > now()
$$;
revoke all on function identity.find_invitation(bytea) from public;
grant execute on function identity.find_invitation(bytea) to sluice_api;

-- Whose a reset is, by its token.
create function identity.find_reset(wanted bytea)
    returns table (person_id uuid, email text, name text, removes_second_factor boolean)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select p.id, p.email, p.name, r.removes_second_factor
    from identity.reset r join identity.person p on p.id = r.person_id
    where r.hash = wanted and r.expires_at > now()
$$;
revoke all on function identity.find_reset(bytea) from public;
grant execute on function identity.find_reset(bytea) to sluice_api;

-- Authentication comes before the organization is known. A session that was not seen for so long is over, and so is one whose
-- person left the organization it acts in.
create function identity.find_session(wanted bytea, idle_seconds double precision)
    returns table (id uuid, person_id uuid, organization_id uuid, role text, permissions text[], expires_at timestamptz)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select s.id, s.person_id, s.organization_id, m.role, r.permissions, s.expires_at
    from identity.session s
    join identity.member m on m.organization_id = s.organization_id and m.person_id = s.person_id
    left join identity.role r on r.organization_id = m.organization_id and r.name = m.own_role
    where s.hash = wanted and s.expires_at > now() and s.seen_at > now() - make_interval(secs => idle_seconds)
$$;
revoke all on function identity.find_session(bytea, double precision) from public;
grant execute on function identity.find_session(bytea, double precision) to sluice_api;

-- Notes when sessions were seen, of all people at once; ascending, so that two gateways do not wait for each other.
create function identity.touch_sessions(ids uuid[], instants timestamptz[]) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with used as (
        select u.id, u.at from unnest(ids, instants) as u(id, at)
    ), held as (
        select s.id from identity.session s join used u on u.id = s.id
        where s.seen_at < u.at
        order by s.id for no key update of s
    ), touched as (
        update identity.session s set seen_at = u.at
        from held h join used u on u.id = h.id where s.id = h.id
        returning 1
    )
    select count(*) from touched
$$;
revoke all on function identity.touch_sessions(uuid[], timestamptz[]) from public;
grant execute on function identity.touch_sessions(uuid[], timestamptz[]) to sluice_api;

-- Deletes up to so many sessions and invitations whose time is over and returns how many.
create function identity.forget_ended(max_rows integer) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with sessions as (
        delete from identity.session s where s.id in (
            select o.id from identity.session o where o.expires_at < now()
             order by o.expires_at limit max_rows for update skip locked)
        returning 1
    ), invitations as (
        delete from identity.invitation i where i.id in (
            select o.id from identity.invitation o where o.expires_at < now() - interval '7 days'
             order by o.expires_at limit max_rows for update skip locked)
        returning 1)
    select greatest((select count(*) from sessions), (select count(*) from invitations))
$$;
revoke all on function identity.forget_ended(integer) from public;
grant execute on function identity.forget_ended(integer) to sluice_api;
