-- Which journal format a node understands, and which one a run's journal has (ADR 27). Who does not say it is of the version
-- that came before this column, and understands and writes 3. Added to a table at a time, without a transaction around all of
-- them: executors of that version go on meanwhile, and lock these tables in an order of their own.
alter table workflow.node add column if not exists journal_format smallint not null default 3;
alter table workflow.run add column if not exists journal_format smallint not null default 3;
alter table workflow.run_history add column if not exists journal_format smallint not null default 3;
