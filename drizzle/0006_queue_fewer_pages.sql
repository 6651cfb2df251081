-- A commit of the queue costs what it writes: each b-tree that a claim or an end touches is a page in the log (docs/decisions/0024).
-- The running rows, at most a hundred, are found by queue_jobs_runnable_idx as well.
DROP INDEX `queue_jobs_lease_idx`;--> statement-breakpoint
-- One row a type: a job that changes its state is one update, where a row a state and type took two.
DROP TRIGGER `queue_jobs_inserted`;--> statement-breakpoint
DROP TRIGGER `queue_jobs_moved`;--> statement-breakpoint
DROP TRIGGER `queue_jobs_deleted`;--> statement-breakpoint
DROP TABLE `queue_counters`;--> statement-breakpoint
CREATE TABLE `queue_counters` (
	`type` text PRIMARY KEY NOT NULL,
	`queued` integer DEFAULT 0 NOT NULL,
	`running` integer DEFAULT 0 NOT NULL,
	`succeeded` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`cancelled` integer DEFAULT 0 NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `queue_counters` (`type`, `queued`, `running`, `succeeded`, `failed`, `cancelled`)
	SELECT `type`, total(`state` = 'queued'), total(`state` = 'running'), total(`state` = 'succeeded'), total(`state` = 'failed'), total(`state` = 'cancelled')
	FROM `queue_jobs` GROUP BY `type`;
--> statement-breakpoint
-- No upsert: it makes SQLite copy every page of the statement first, in case it has to be taken back.
CREATE TRIGGER `queue_jobs_type_counted` BEFORE INSERT ON `queue_jobs`
WHEN NOT EXISTS (SELECT 1 FROM `queue_counters` WHERE `type` = new.`type`) BEGIN
	INSERT INTO `queue_counters` (`type`) VALUES (new.`type`);
END;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_inserted` AFTER INSERT ON `queue_jobs` BEGIN
	UPDATE `queue_counters` SET
		`queued` = `queued` + (new.`state` = 'queued'), `running` = `running` + (new.`state` = 'running'),
		`succeeded` = `succeeded` + (new.`state` = 'succeeded'), `failed` = `failed` + (new.`state` = 'failed'),
		`cancelled` = `cancelled` + (new.`state` = 'cancelled')
		WHERE `type` = new.`type`;
END;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_moved` AFTER UPDATE OF `state` ON `queue_jobs` WHEN new.`state` <> old.`state` BEGIN
	UPDATE `queue_counters` SET
		`queued` = `queued` + (new.`state` = 'queued') - (old.`state` = 'queued'),
		`running` = `running` + (new.`state` = 'running') - (old.`state` = 'running'),
		`succeeded` = `succeeded` + (new.`state` = 'succeeded') - (old.`state` = 'succeeded'),
		`failed` = `failed` + (new.`state` = 'failed') - (old.`state` = 'failed'),
		`cancelled` = `cancelled` + (new.`state` = 'cancelled') - (old.`state` = 'cancelled')
		WHERE `type` = new.`type`;
END;
--> statement-breakpoint
-- Attempts lie with their job, numbered: no second index.
CREATE TABLE `__new_queue_job_attempts` (
	`job_id` text NOT NULL,
	`id` integer NOT NULL,
	`attempt` integer NOT NULL,
	`worker` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`outcome` text,
	`error` text,
	`log_json` text,
	PRIMARY KEY(`job_id`, `id`),
	CONSTRAINT "queue_job_attempts_outcome_check" CHECK("outcome" is null or "outcome" in ('succeeded', 'failed', 'retrying', 'retry_later', 'released', 'cancelled', 'timed_out', 'lost'))
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_queue_job_attempts` (`job_id`, `id`, `attempt`, `worker`, `started_at_ms`, `finished_at_ms`, `outcome`, `error`, `log_json`)
	SELECT `job_id`, row_number() OVER (PARTITION BY `job_id` ORDER BY `id`), `attempt`, `worker`, `started_at_ms`, `finished_at_ms`, `outcome`, `error`, `log_json` FROM `queue_job_attempts`;--> statement-breakpoint
DROP TABLE `queue_job_attempts`;--> statement-breakpoint
ALTER TABLE `__new_queue_job_attempts` RENAME TO `queue_job_attempts`;--> statement-breakpoint
CREATE TRIGGER `queue_jobs_deleted` AFTER DELETE ON `queue_jobs` BEGIN
	UPDATE `queue_counters` SET
		`queued` = `queued` - (old.`state` = 'queued'), `running` = `running` - (old.`state` = 'running'),
		`succeeded` = `succeeded` - (old.`state` = 'succeeded'), `failed` = `failed` - (old.`state` = 'failed'),
		`cancelled` = `cancelled` - (old.`state` = 'cancelled')
		WHERE `type` = old.`type`;
	DELETE FROM `queue_job_attempts` WHERE `job_id` = old.`id`;
END;
--> statement-breakpoint
-- The minute being written is one page instead of two.
CREATE TABLE `__new_queue_minutes` (
	`minute_ms` integer NOT NULL,
	`type` text NOT NULL,
	`claimed` integer DEFAULT 0 NOT NULL,
	`succeeded` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`cancelled` integer DEFAULT 0 NOT NULL,
	`retried` integer DEFAULT 0 NOT NULL,
	`wait_ms_sum` integer DEFAULT 0 NOT NULL,
	`run_ms_sum` integer DEFAULT 0 NOT NULL,
	`wait_buckets` text NOT NULL,
	`run_buckets` text NOT NULL,
	PRIMARY KEY(`minute_ms`, `type`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_queue_minutes` (`minute_ms`, `type`, `claimed`, `succeeded`, `failed`, `cancelled`, `retried`, `wait_ms_sum`, `run_ms_sum`, `wait_buckets`, `run_buckets`)
	SELECT `minute_ms`, `type`, `claimed`, `succeeded`, `failed`, `cancelled`, `retried`, `wait_ms_sum`, `run_ms_sum`, `wait_buckets`, `run_buckets` FROM `queue_minutes`;--> statement-breakpoint
DROP TABLE `queue_minutes`;--> statement-breakpoint
ALTER TABLE `__new_queue_minutes` RENAME TO `queue_minutes`;
