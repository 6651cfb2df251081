-- Projects that were imported: from where, what kind of site it turned out to be, and what was left out.
CREATE TABLE `project_imports` (
	`project_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`origin` text NOT NULL,
	`kind` text,
	`left_out_json` text,
	`created_at_ms` integer NOT NULL,
	`imported_at_ms` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "project_imports_source_check" CHECK("project_imports"."source" in ('zip', 'git')),
	CONSTRAINT "project_imports_kind_check" CHECK("project_imports"."kind" is null or "project_imports"."kind" in ('astro', 'package'))
);
