-- Ways to come in besides a password: accounts at providers, and links that are mailed. A gateway of the version before goes on
-- beside this and knows nothing of it.

-- Whose an account at a provider is. What names it is the issuer and not the settings' id, which may mean another one tomorrow.
create table identity.login_link (
    id         uuid primary key,
    person_id  uuid not null references identity.person (id) on delete cascade,
    issuer     text not null check (char_length(issuer) between 1 and 500),
    subject    text not null check (char_length(subject) between 1 and 255),
    provider   text not null,
    account    text not null check (char_length(account) <= 254),
    created_at timestamptz not null default now(),
    unique (issuer, subject)
);
create index login_link_person on identity.login_link (person_id, id);

-- Stands for a password once: in a link that was mailed, or between a provider's answer and the code of the second factor. One
-- that a provider's answer has made may carry the account that becomes the person's with its use.
create table identity.login_token (
    hash       bytea primary key check (octet_length(hash) = 32),
    person_id  uuid not null references identity.person (id) on delete cascade,
    generation integer not null,
    method     text not null,
    link_id    uuid,
    issuer     text,
    subject    text,
    provider   text,
    account    text,
    attempts   integer not null default 0,
    expires_at timestamptz not null,
    check (num_nulls(link_id, issuer, subject, provider, account) in (0, 5))
);
create index login_token_person on identity.login_token (person_id);
create index login_token_expires on identity.login_token (expires_at);

-- Wrong codes of whoever has got past the first factor otherwise than by password. Nobody else can make these wait.
alter table identity.person
    add column if not exists factor_failures     integer not null default 0,
    add column if not exists factor_locked_until timestamptz,
    -- The same for wrong passwords from where somebody has been in before: strangers who guess do not make those wait.
    add column if not exists known_failures     integer not null default 0,
    add column if not exists known_locked_until timestamptz,
    -- Whether they chose their password: who came by a provider has one that nobody knows.
    add column if not exists password_set        boolean not null default true;

alter table identity.login_link enable row level security;
alter table identity.login_token enable row level security;
create policy self on identity.login_link to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
create policy self on identity.login_token to sluice_api
    using (person_id = nullif(current_setting('sluice.person', true), '')::uuid);
grant select, insert, delete on identity.login_link to sluice_api;
grant insert on identity.login_token to sluice_api;
grant select (password_set),
    update (factor_failures, factor_locked_until, known_failures, known_locked_until, password_set) on identity.person to sluice_api;

-- What is written for attempts that are nobody's, so that they take as long as others.
create table identity.stranger (
    slot     integer primary key,
    attempts bigint not null default 0
) with (fillfactor = 50);
insert into identity.stranger (slot) select s from generate_series(0, 63) s;
alter table identity.stranger enable row level security;

create or replace function identity.next_generation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.password is distinct from old.password or new.second_factor is distinct from old.second_factor
            or new.sealed_secret is distinct from old.sealed_secret then
        new.generation := old.generation + 1;
        delete from identity.reset r where r.person_id = new.id;
        delete from identity.login_token t where t.person_id = new.id;
    end if;
    return new;
end
$$;

-- Writes as much as an attempt that is somebody's.
create function identity.attempt_in_vain(wanted text) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    update identity.stranger s set attempts = s.attempts + 1 where s.slot = (hashtext(wanted) & 63)
$$;
revoke all on function identity.attempt_in_vain(text) from public;
grant execute on function identity.attempt_in_vain(text) to sluice_api;

-- How long the next attempt waits after so many failures in a row before this one.
create function identity.wait_after(failures integer) returns interval
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case when failures >= 4 then least(interval '15 minutes', interval '15 seconds' * power(2, least(failures - 4, 10))) end
$$;
revoke all on function identity.wait_after(integer) from public;

-- Takes one of the attempts that a person has to come in, before it is looked at: however many try at once, each counts. From
-- the fifth failure in a row on, the next attempt has to wait. There are two counts: for where somebody has been in before, and
-- for everywhere else. (The function of one argument goes with the gateways that call it.)
create function identity.attempt(wanted text, known boolean)
    returns table (id uuid, generation integer, password text, second_factor boolean, sealed_secret bytea, locked boolean)
    language plpgsql volatile security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    p identity.person;
begin
    select * into p from identity.person q where q.email = wanted for no key update;
    if not found then
        perform identity.attempt_in_vain(wanted);
        return;
    end if;
    if (known and p.known_locked_until > clock_timestamp()) or (not known and p.locked_until > clock_timestamp()) then
        perform identity.attempt_in_vain(wanted);
        return query select p.id, p.generation, p.password, p.second_factor, p.sealed_secret, true;
        return;
    end if;
    if known then
        update identity.person q
           set known_failures = q.known_failures + 1,
               known_locked_until = clock_timestamp() + identity.wait_after(q.known_failures)
         where q.id = p.id;
    else
        update identity.person q
           set failures = q.failures + 1, locked_until = clock_timestamp() + identity.wait_after(q.failures)
         where q.id = p.id;
    end if;
    return query select p.id, p.generation, p.password, p.second_factor, p.sealed_secret, false;
end
$$;
revoke all on function identity.attempt(text, boolean) from public;
grant execute on function identity.attempt(text, boolean) to sluice_api;

-- What an account that is nobody's any more has proved, it has proved with an earlier generation.
create function identity.forget_login() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.person p set generation = p.generation + 1 where p.id = old.person_id;
    delete from identity.login_token t where t.person_id = old.person_id;
    return null;
end
$$;
create trigger forget_login after delete on identity.login_link
    for each row execute function identity.forget_login();
revoke all on function identity.forget_login() from public;

-- Whose an account at a provider is, or else an address; null for what is not known.
create function identity.find_login(wanted_issuer text, wanted_subject text, wanted_email text)
    returns table (id uuid, generation integer, email text, name text, second_factor boolean, linked boolean)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    select p.id, p.generation, p.email, p.name, p.second_factor, f.linked
    from (
        select l.person_id, true as linked from identity.login_link l
        where l.issuer = wanted_issuer and l.subject = wanted_subject
        union all
        select q.id, false from identity.person q where q.email = wanted_email
    ) f join identity.person p on p.id = f.person_id
    order by f.linked desc limit 1
$$;
revoke all on function identity.find_login(text, text, text) from public;
grant execute on function identity.find_login(text, text, text) to sluice_api;

-- What a token stands for, which is nothing after five wrong codes. With a code it takes one of the attempts that a person has
-- for those, before it is looked at; they wait as identity.attempt has them wait, by a count of their own.
create function identity.attempt_by_token(wanted bytea, with_code boolean)
    returns table (id uuid, generation integer, second_factor boolean, sealed_secret bytea, method text, locked boolean)
    language plpgsql volatile security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    t identity.login_token;
    p identity.person;
    held boolean;
begin
    select * into t from identity.login_token q where q.hash = wanted;
    if not found then
        return;
    end if;
    select * into p from identity.person q where q.id = t.person_id for no key update;
    -- Again, now that nobody else takes an attempt or changes what proves who they are.
    select * into t from identity.login_token q
     where q.hash = wanted and q.generation = p.generation and q.attempts < 5 and q.expires_at > clock_timestamp();
    if not found then
        return;
    end if;
    held := p.second_factor and with_code and coalesce(p.factor_locked_until > clock_timestamp(), false);
    if p.second_factor and with_code and not held then
        update identity.login_token q set attempts = q.attempts + 1 where q.hash = wanted;
        update identity.person q
           set factor_failures = q.factor_failures + 1,
               factor_locked_until = clock_timestamp() + identity.wait_after(q.factor_failures)
         where q.id = p.id;
    end if;
    return query select p.id, p.generation, p.second_factor, p.sealed_secret, t.method, held;
end
$$;
revoke all on function identity.attempt_by_token(bytea, boolean) from public;
grant execute on function identity.attempt_by_token(bytea, boolean) to sluice_api;

-- Uses a token of the transaction's person up, of two who do one; the account that it carries is theirs from now on, unless it
-- is somebody's already. No row when it is used up, or over.
create function identity.use_login_token(wanted bytea) returns table (provider text, linked boolean)
    language plpgsql volatile security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    t identity.login_token;
begin
    delete from identity.login_token q
     where q.hash = wanted and q.person_id = nullif(current_setting('sluice.person', true), '')::uuid
       and q.expires_at > clock_timestamp()
    returning * into t;
    if not found then
        return;
    end if;
    if t.subject is null then
        return query select null::text, false;
        return;
    end if;
    insert into identity.login_link (id, person_id, issuer, subject, provider, account)
    values (t.link_id, t.person_id, t.issuer, t.subject, t.provider, t.account)
    on conflict do nothing;
    return query select t.provider, found;
end
$$;
revoke all on function identity.use_login_token(bytea) from public;
grant execute on function identity.use_login_token(bytea) to sluice_api;

-- Deletes up to so many sessions, invitations and tokens whose time is over and returns how many.
create or replace function identity.forget_ended(max_rows integer) returns bigint
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
        returning 1
    ), tokens as (
        delete from identity.login_token t where t.hash in (
            select o.hash from identity.login_token o where o.expires_at < now()
             order by o.expires_at limit max_rows for update skip locked)
        returning 1)
    select greatest((select count(*) from sessions), (select count(*) from invitations), (select count(*) from tokens))
$$;
