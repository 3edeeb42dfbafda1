-- What organizations may use in a day and in a month (UTC), and what they have used. It counts runs, events and tokens; credits are
-- computed from these by what the plan says each costs. PostgreSQL alone decides who may have how much: see ADR 39.

-- Of the installation, set by the platform. allowances: {"runs": {"day": 10, "month": 100}, …, "credits": {"month": 5}}, what is
-- missing is unlimited; costs: credits for one of a kind, {"runs": 1, "tokens": 0.002}. The plan named default is that of
-- organizations that have none of their own.
create table identity.plan (
    name       text primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    allowances jsonb not null,
    costs      jsonb not null,
    changed_at timestamptz not null default now()
);
alter table identity.plan enable row level security;
create policy everybody on identity.plan to sluice_api using (true);
grant select, insert, update, delete on identity.plan to sluice_api;

-- The plan of an organization, and what it may use other than that says. The row is also the lock under which gateways take.
create table identity.quota (
    organization_id uuid primary key references identity.organization (id),
    plan            text references identity.plan (name),
    allowances      jsonb not null default '{}'
);
create index quota_plan on identity.quota (plan) where plan is not null;
alter table identity.quota enable row level security;
create policy tenant on identity.quota to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select, insert, update, delete on identity.quota to sluice_api;

-- What was used, with what gateways have taken ahead.
create table identity.usage (
    organization_id uuid not null references identity.organization (id),
    day             date not null,
    kind            text not null check (kind in ('runs', 'events', 'tokens')),
    amount          bigint not null,
    primary key (organization_id, day, kind)
) with (fillfactor = 50);
create index usage_day on identity.usage (day);
alter table identity.usage enable row level security;
create policy tenant on identity.usage to sluice_api
    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid);
grant select on identity.usage to sluice_api;

-- What each gateway has taken of that so far, and spent of it, as a whole: telling it again changes nothing.
create table identity.usage_lease (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    day             date not null,
    kind            text not null,
    amount          bigint not null,
    spent           bigint not null,
    told_at         timestamptz not null default now()
) with (fillfactor = 50);
create index usage_lease_day on identity.usage_lease (day);
create index usage_lease_ahead on identity.usage_lease (organization_id) where amount > spent;
alter table identity.usage_lease enable row level security;

-- What agents have reported, for a day: what the same key reports again is not counted again.
create table identity.usage_report (
    id              uuid primary key,
    organization_id uuid not null references identity.organization (id),
    key_hash        bytea check (octet_length(key_hash) = 32),
    amount          bigint not null check (amount > 0),
    at              timestamptz not null default now(),
    unique (organization_id, key_hash)
);
create index usage_report_at on identity.usage_report (at);
alter table identity.usage_report enable row level security;

-- Each kind in each period: what may be used (null: unlimited), what was, and what one costs. What executors start by themselves is
-- theirs to count; before they have migrated nothing was.
create function identity.usage_windows(which uuid, today date)
    returns table (kind text, period text, allowance numeric, used numeric, cost numeric)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    first_day date := date_trunc('month', today)::date;
    own jsonb;
    chosen text;
    plan jsonb := '{}';
    costs jsonb := '{}';
    of_today bigint := 0;
    of_month bigint := 0;
begin
    select q.plan, q.allowances into chosen, own from identity.quota q where q.organization_id = which;
    select p.allowances, p.costs into plan, costs from identity.plan p where p.name = coalesce(chosen, 'default');
    if to_regprocedure('workflow.runs_started(uuid,date,date)') is not null then
        execute 'select workflow.runs_started($1, $3, $3), workflow.runs_started($1, $2, $3)'
        into of_today, of_month using which, first_day, today;
    end if;
    return query
    with counted as (
        select k.kind,
            coalesce(sum(u.amount) filter (where u.day = today), 0)
                + case when k.kind = 'runs' then of_today else 0 end as of_day,
            coalesce(sum(u.amount), 0) + case when k.kind = 'runs' then of_month else 0 end as of_month,
            coalesce((costs ->> k.kind)::numeric, 0) as cost
        from (values ('runs'), ('events'), ('tokens')) k(kind)
        left join identity.usage u on u.organization_id = which and u.kind = k.kind and u.day between first_day and today
        group by k.kind
    ), windows as (
        select c.kind, 'day' as period, c.of_day as used, c.cost from counted c
        union all
        select c.kind, 'month', c.of_month, c.cost from counted c
        union all
        select 'credits', 'month', sum(c.of_month * c.cost), 1 from counted c
    )
    select w.kind, w.period,
        coalesce(own -> w.kind ->> w.period, plan -> w.kind ->> w.period)::numeric, w.used, w.cost
    from windows w;
end
$$;
revoke all on function identity.usage_windows(uuid, date) from public;

-- The same of the transaction's organization, without what gateways that live have taken ahead and may give back.
create function identity.own_usage(today date)
    returns table (kind text, period text, allowance numeric, used numeric, cost numeric)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with me as (select nullif(current_setting('sluice.organization', true), '')::uuid as id),
    ahead as (
        select l.kind, sum(l.amount - l.spent) as amount
        from identity.usage_lease l, me
        where l.organization_id = me.id and l.amount > l.spent and l.day = today and l.told_at > now() - interval '1 minute'
        group by l.kind
    ), w as (
        select x.* from me, identity.usage_windows(me.id, today) x
    ), per_kind as (
        select w.kind, coalesce(a.amount, 0) as amount, w.cost
        from w left join ahead a on a.kind = w.kind where w.period = 'month' and w.kind <> 'credits'
    )
    select w.kind, w.period, w.allowance,
        w.used - case when w.kind = 'credits' then (select sum(p.amount * p.cost) from per_kind p)
            else (select p.amount from per_kind p where p.kind = w.kind) end,
        w.cost
    from w
$$;
revoke all on function identity.own_usage(date) from public;
grant execute on function identity.own_usage(date) to sluice_api;

-- The windows that bound a kind, with what all others than a lease of so much have used; how much is left for it, null for no end.
create function identity.usage_left(which uuid, wanted text, today date, leased bigint)
    returns table (remaining numeric, windows jsonb)
    language sql stable security definer rows 1
    set search_path = pg_catalog, pg_temp
as $$
    with w as materialized (select * from identity.usage_windows(which, today)),
    one as (select coalesce(max(cost), 0) as cost from w where kind = wanted),
    bounds as (
        select w.kind, w.period, w.allowance, case when w.kind = 'credits' then one.cost else 1 end as unit, w.used
        from w cross join one
        where w.allowance is not null and (w.kind = wanted or (w.kind = 'credits' and one.cost > 0)))
    select min(floor((b.allowance - b.used) / b.unit)) + leased,
        jsonb_agg(jsonb_build_object('kind', b.kind, 'period', b.period, 'allowance', b.allowance, 'unit', b.unit,
            'others', b.used - leased * b.unit)
            order by b.kind = 'credits', b.period)
    from bounds b
$$;
revoke all on function identity.usage_left(uuid, text, date, bigint) from public;

-- Whether anything could bound an organization; if so nobody else takes from what is its until the transaction ends.
create function identity.lock_quota(which uuid) returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from identity.quota q where q.organization_id = which)
        and not exists (select from identity.plan p where p.name = 'default') then
        return false;
    end if;
    insert into identity.quota (organization_id) values (which) on conflict do nothing;
    perform from identity.quota q where q.organization_id = which for update;
    return true;
end
$$;
revoke all on function identity.lock_quota(uuid) from public;

create function identity.add_usage(which uuid, whenever date, what text, more bigint) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    insert into identity.usage as u (organization_id, day, kind, amount) values (which, whenever, what, more)
    on conflict (organization_id, day, kind) do update set amount = u.amount + excluded.amount
$$;
revoke all on function identity.add_usage(uuid, date, text, bigint) from public;

-- Each lease keeps so much from now on; what it gives back others may have. Of what is left it gets as much more as is needed, as far
-- as there is, and of the rest a 64th at most ahead of need. granted is null when nothing bounds it; windows is null when nothing was
-- asked for. An organization that is gone has no row. In the order of organizations, whoever settles.
create function identity.settle_leases(leases uuid[], organizations uuid[], days text[], kinds text[], kept bigint[],
        spent bigint[], needed bigint[], ahead bigint[])
    returns table (id uuid, granted bigint, windows text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    item record;
    former bigint;
    given bigint;
    rest numeric;
    bounds jsonb;
begin
    for item in
        select t.lease, t.organization_id, t.day::date as day, t.kind, t.kept, t.spent, t.needed, t.ahead
        from unnest(leases, organizations, days, kinds, kept, spent, needed, ahead)
            as t(lease, organization_id, day, kind, kept, spent, needed, ahead)
        where exists (select from identity.organization o where o.id = t.organization_id)
        order by t.organization_id, t.day, t.kind, t.lease
    loop
        rest := null;
        bounds := null;
        if item.needed + item.ahead > 0 then
            bounds := '[]';
            if identity.lock_quota(item.organization_id) then
                select l.amount into former from identity.usage_lease l where l.id = item.lease;
                select q.remaining, coalesce(q.windows, '[]') into rest, bounds
                from identity.usage_left(item.organization_id, item.kind, item.day, coalesce(former, 0)) q;
                rest := rest - item.kept;
            end if;
        end if;
        select l.amount into former from identity.usage_lease l where l.id = item.lease;
        given := case when rest is null then 0 else greatest(0, least(rest,
            item.needed + greatest(0, least(item.ahead, div(rest - item.needed, 64))))) end;
        if item.kept + given + item.spent > 0 or former is not null then
            insert into identity.usage_lease as l (id, organization_id, day, kind, amount, spent)
            values (item.lease, item.organization_id, item.day, item.kind, item.kept + given, item.spent)
            on conflict (id) do update set amount = excluded.amount, spent = excluded.spent, told_at = now();
        end if;
        if item.kept + given <> coalesce(former, 0) then
            perform identity.add_usage(item.organization_id, item.day, item.kind,
                item.kept + given - coalesce(former, 0));
        end if;
        id := item.lease;
        granted := case when bounds is not null and rest is null then null else given end;
        windows := bounds::text;
        return next;
    end loop;
end
$$;
revoke all on function identity.settle_leases(uuid[], uuid[], text[], text[], bigint[], bigint[], bigint[], bigint[]) from public;
grant execute on function identity.settle_leases(uuid[], uuid[], text[], text[], bigint[], bigint[], bigint[], bigint[]) to sluice_api;

-- Counts tokens that were reported: counted, repeated (the key did that before), mismatch (with another amount), or exceeded.
create function identity.report_usage(reports uuid[], organizations uuid[], days text[], amounts bigint[], keys text[])
    returns table (id uuid, outcome text, windows text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    item record;
    former record;
    rest numeric;
    bounds jsonb;
begin
    for item in
        select t.report, t.organization_id, t.day::date as day, t.amount, decode(t.key, 'hex') as key
        from unnest(reports, organizations, days, amounts, keys) as t(report, organization_id, day, amount, key)
        where exists (select from identity.organization o where o.id = t.organization_id)
        order by t.organization_id, t.report
    loop
        rest := null;
        bounds := '[]';
        if identity.lock_quota(item.organization_id) then
            select q.remaining, coalesce(q.windows, '[]') into rest, bounds
            from identity.usage_left(item.organization_id, 'tokens', item.day, 0) q;
        end if;
        id := item.report;
        windows := bounds::text;
        delete from identity.usage_report r
        where r.organization_id = item.organization_id and r.key_hash = item.key and r.at < now() - interval '24 hours';
        -- Whoever comes with the same key at the same moment waits here, and finds it used.
        insert into identity.usage_report (id, organization_id, key_hash, amount)
        values (item.report, item.organization_id, item.key, item.amount)
        on conflict (organization_id, key_hash) do nothing;
        if not found then
            select r.amount into former from identity.usage_report r
            where r.organization_id = item.organization_id and r.key_hash = item.key;
            outcome := case when former.amount = item.amount then 'repeated' else 'mismatch' end;
        elsif rest < item.amount then
            delete from identity.usage_report r where r.id = item.report;
            outcome := 'exceeded';
        else
            perform identity.add_usage(item.organization_id, item.day, 'tokens', item.amount);
            outcome := 'counted';
        end if;
        return next;
    end loop;
end
$$;
revoke all on function identity.report_usage(uuid[], uuid[], text[], bigint[], text[]) from public;
grant execute on function identity.report_usage(uuid[], uuid[], text[], bigint[], text[]) to sluice_api;

-- Which reports were counted, when nobody knows what became of a statement.
create function identity.find_usage_reports(reports uuid[]) returns setof uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.id from identity.usage_report r where r.id = any (reports)
$$;
revoke all on function identity.find_usage_reports(uuid[]) from public;
grant execute on function identity.find_usage_reports(uuid[]) to sluice_api;

-- Deletes up to so many reports of more than a day ago, leases of days that are long over, and what was used more than 400 days ago.
create function identity.forget_usage(max_rows integer) returns bigint
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with reports as (
        delete from identity.usage_report r where r.id in (
            select o.id from identity.usage_report o where o.at < now() - interval '25 hours'
            order by o.at limit max_rows for update skip locked)
        returning 1
    ), leases as (
        delete from identity.usage_lease l where l.id in (
            select o.id from identity.usage_lease o where o.day < current_date - 7
            order by o.day limit max_rows for update skip locked)
        returning 1
    ), days as (
        delete from identity.usage u where (u.organization_id, u.day, u.kind) in (
            select o.organization_id, o.day, o.kind from identity.usage o where o.day < current_date - 400
            limit max_rows for update skip locked)
        returning 1)
    select greatest((select count(*) from reports), (select count(*) from leases), (select count(*) from days))
$$;
revoke all on function identity.forget_usage(integer) from public;
grant execute on function identity.forget_usage(integer) to sluice_api;
