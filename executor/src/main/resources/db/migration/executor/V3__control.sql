-- Runs that are suspended, resumed, retried and rerun.

-- What is wanted of a live run, why it rests, and how it goes on after it had ended.
alter table workflow.run
    add column suspend_requested_at timestamptz,
    add column suspend_reason text,
    add column suspend_detail text,
    add column suspended_at timestamptz,
    add column reopenings int not null default 0,
    add column reopened_as text check (reopened_as in ('retry', 'rerun')),
    add column reopened_path text,
    add column ended_status text,
    add column ended_error bytea,
    add column ended_seq int not null default 0,
    add column ended_at timestamptz;
create index run_suspend on workflow.run (node) where suspend_requested_at is not null;

-- What a run needs to go on after its end: epochs never count back, and the entry that failed is known.
alter table workflow.run_history
    add column epoch int not null default 0,
    add column traceparent text,
    add column reopenings int not null default 0,
    add column fault_path text,
    add column error_type text;
create index run_history_faulted on workflow.run_history (organization_id, id) where status = 'faulted';

grant update (suspend_requested_at, status) on workflow.run to sluice_api;
grant insert on workflow.run to sluice_api;
grant delete on workflow.run_history to sluice_api;
