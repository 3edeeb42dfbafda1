-- schedule.on.any with until: sets that take events until something ends them. Without a transaction around all of it, since two
-- tables are altered that executors lock in an order of their own.

-- events, bytes: how much such a set has gathered; ending: the filters of `until` of which an event has come, where it takes several.
-- Its places are numbered from 0 in the order in which events came; those below 0 stay free, one for each filter, and have the
-- keys by which events find the set. run_id, event_id, depth: of a set that was ended with more others than one transaction
-- starts runs of: its run, what ended it, and how many runs started one another before. It takes no more events.
alter table workflow.open_set
    add column if not exists events int not null default 0,
    add column if not exists bytes bigint not null default 0,
    add column if not exists ending int[] not null default '{}',
    add column if not exists run_id uuid,
    add column if not exists event_id uuid,
    add column if not exists depth int not null default 0;
create index if not exists open_set_ended on workflow.open_set (run_id) where run_id is not null;

-- How many sets ended because they were full.
alter table workflow.gathering add column if not exists filled bigint not null default 0;
