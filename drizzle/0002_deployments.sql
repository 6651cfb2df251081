-- Production: what was published, what is live, what can be gone back to. One publication at a time, and one live, a project.
CREATE TABLE `deployments` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`version_hash` text,
	`release_hash` text,
	`release_kept` integer DEFAULT false NOT NULL,
	`unchanged` integer DEFAULT false NOT NULL,
	`page_count` integer,
	`size_bytes` integer,
	`job_id` text,
	`error_code` text,
	`error_detail` text,
	`log` text,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`finished_at_ms` integer,
	`live_at_ms` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "deployments_state_check" CHECK("deployments"."state" in ('queued', 'building', 'checking', 'running', 'superseded', 'failed', 'stopped'))
);
--> statement-breakpoint
CREATE INDEX `deployments_project_idx` ON `deployments` (`project_id`,`created_at_ms`);--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_one_in_progress_idx` ON `deployments` (`project_id`) WHERE state in ('queued', 'building', 'checking');--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_one_running_idx` ON `deployments` (`project_id`) WHERE state = 'running';