-- How far actions on many jobs have got, so that a restart goes on with them.
CREATE TABLE `queue_bulk_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`filter_json` text NOT NULL,
	`up_to` integer NOT NULL,
	`total` integer NOT NULL,
	`changed` integer NOT NULL,
	`skipped` integer NOT NULL,
	CONSTRAINT "queue_bulk_runs_state_check" CHECK("queue_bulk_runs"."state" in ('counting', 'working', 'done', 'stopped', 'failed'))
);
