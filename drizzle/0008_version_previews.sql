-- Old versions built to be looked at: one build at a time a project; which release shows which version.
CREATE TABLE `version_previews` (
	`project_id` text NOT NULL,
	`version_hash` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`release_hash` text,
	`job_id` text,
	`error_code` text,
	`error_detail` text,
	`log` text,
	`requested_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`finished_at_ms` integer,
	PRIMARY KEY(`project_id`, `version_hash`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "version_previews_state_check" CHECK("version_previews"."state" in ('queued', 'building', 'built', 'failed'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `version_previews_one_in_progress_idx` ON `version_previews` (`project_id`) WHERE state in ('queued', 'building');