-- What a project's settings hold: earlier slugs that lead to the present one, hostnames of other domains, environment variables.
CREATE TABLE `project_addresses` (
	`slug` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`left_at_ms` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `project_addresses_project_idx` ON `project_addresses` (`project_id`);--> statement-breakpoint
-- `value` is an envelope (`enc:v1:…`), never the value.
CREATE TABLE `project_environment` (
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`set_at_ms` integer NOT NULL,
	PRIMARY KEY(`project_id`, `name`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `project_hostnames` (
	`hostname` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`is_primary` integer DEFAULT false NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `project_hostnames_project_idx` ON `project_hostnames` (`project_id`);--> statement-breakpoint
-- Where the other hostnames of the project lead.
CREATE UNIQUE INDEX `project_hostnames_one_primary_idx` ON `project_hostnames` (`project_id`) WHERE is_primary = 1;--> statement-breakpoint
-- A removed variable leaves no row to see it by.
ALTER TABLE `projects` ADD `environment_changed_at_ms` integer;