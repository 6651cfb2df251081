-- How many jobs there are of each state and type: GROUP BY over a million rows takes 50 to 200 ms, this a few microseconds.
CREATE TABLE `queue_counters` (
	`state` text NOT NULL,
	`type` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`state`, `type`)
);
--> statement-breakpoint
-- One row a claim. No foreign key: checking it costs 5 µs an attempt; the delete trigger below does what it would.
CREATE TABLE `queue_job_attempts` (
	`id` integer PRIMARY KEY NOT NULL,
	`job_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`worker` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`outcome` text,
	`error` text,
	`log_json` text,
	CONSTRAINT "queue_job_attempts_outcome_check" CHECK("queue_job_attempts"."outcome" is null or "queue_job_attempts"."outcome" in ('succeeded', 'failed', 'retrying', 'retry_later', 'released', 'cancelled', 'timed_out', 'lost'))
);
--> statement-breakpoint
CREATE INDEX `queue_job_attempts_job_idx` ON `queue_job_attempts` (`job_id`);--> statement-breakpoint
-- One row a minute and type, for the charts. The bucket columns are JSON arrays of 24 counts.
CREATE TABLE `queue_minutes` (
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
);
--> statement-breakpoint
-- What boot recovery did after a crash.
CREATE TABLE `queue_recoveries` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`requeued` integer NOT NULL,
	`failed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`lost` integer NOT NULL
);
--> statement-breakpoint
-- When each recurring job comes next, so that a restart neither skips nor repeats it.
CREATE TABLE `queue_schedules` (
	`name` text PRIMARY KEY NOT NULL,
	`cron` text NOT NULL,
	`type` text NOT NULL,
	`next_run_at_ms` integer NOT NULL,
	`last_enqueued_at_ms` integer,
	`last_job_id` text
);
--> statement-breakpoint
-- Counters follow the rows by trigger (1 µs each), so that no statement of ours or of an operator's shell can make them wrong.
INSERT INTO `queue_counters` (`state`, `type`, `count`) SELECT `state`, `type`, count(*) FROM `queue_jobs` GROUP BY `state`, `type`;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_inserted` AFTER INSERT ON `queue_jobs` BEGIN
	INSERT INTO `queue_counters` (`state`, `type`, `count`) VALUES (new.`state`, new.`type`, 1)
		ON CONFLICT (`state`, `type`) DO UPDATE SET `count` = `count` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_moved` AFTER UPDATE OF `state` ON `queue_jobs` WHEN new.`state` <> old.`state` BEGIN
	UPDATE `queue_counters` SET `count` = `count` - 1 WHERE `state` = old.`state` AND `type` = old.`type`;
	INSERT INTO `queue_counters` (`state`, `type`, `count`) VALUES (new.`state`, new.`type`, 1)
		ON CONFLICT (`state`, `type`) DO UPDATE SET `count` = `count` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_deleted` AFTER DELETE ON `queue_jobs` BEGIN
	UPDATE `queue_counters` SET `count` = `count` - 1 WHERE `state` = old.`state` AND `type` = old.`type`;
	DELETE FROM `queue_job_attempts` WHERE `job_id` = old.`id`;
END;
