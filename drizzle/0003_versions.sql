-- Versions of a project's files: what lists show of the commits in its versions.git, with the names and bookmarks that people give.
CREATE TABLE `versions` (
	`project_id` text NOT NULL,
	`hash` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`turn_id` text,
	`name` text,
	`bookmarked` integer DEFAULT false NOT NULL,
	`files` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`detail_json` text,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`project_id`, `hash`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`turn_id`) REFERENCES `turns`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "versions_kind_check" CHECK("versions"."kind" in ('start', 'turn', 'hand-edit', 'restore', 'import'))
);
--> statement-breakpoint
-- Also the order of lists, newest first, and their cursor.
CREATE UNIQUE INDEX `versions_project_position_unique` ON `versions` (`project_id`,`position`);--> statement-breakpoint
-- The version of a turn, and what its deletion has to unlink.
CREATE INDEX `versions_turn_idx` ON `versions` (`turn_id`);