-- Whether a project's installed packages are those that its package.json and lockfile name. 'failed' keeps the reason beside a preview
-- that goes on running with the packages it has.
ALTER TABLE `projects` ADD `packages_state` text DEFAULT 'current' NOT NULL;--> statement-breakpoint
ALTER TABLE `projects` ADD `packages_error_code` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `packages_error_detail` text;