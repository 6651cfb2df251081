-- The first schema: the six tables of the design (users … queue_settings) and the five that doce adds to them.
-- What changed, for open pages to replay after a lost connection.
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`project_id` text,
	`data_json` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
-- Settings of the installation, one JSON value a key.
CREATE TABLE `instance_settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value_json` text NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
-- One row a model call: tokens and cost. Outlives its project, so that daily budgets stay right.
CREATE TABLE `llm_calls` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text,
	`turn_id` text,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`outcome` text NOT NULL,
	`http_status` integer,
	`input_tokens` integer DEFAULT 0 NOT NULL,
	`output_tokens` integer DEFAULT 0 NOT NULL,
	`cost_micros` integer DEFAULT 0 NOT NULL,
	`started_at_ms` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`turn_id`) REFERENCES `turns`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `llm_calls_turn_idx` ON `llm_calls` (`turn_id`);--> statement-breakpoint
CREATE INDEX `llm_calls_project_started_idx` ON `llm_calls` (`project_id`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `llm_calls_started_idx` ON `llm_calls` (`started_at_ms`);--> statement-breakpoint
-- Sites. Deleting the owner deletes them; the slug is the hostname label, so it is unique.
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`prompt` text NOT NULL,
	`model` text,
	`dev_port` integer NOT NULL,
	`opencode_port` integer NOT NULL,
	`status` text DEFAULT 'created' NOT NULL,
	`path_on_disk` text NOT NULL,
	`initial_prompt_sent` integer DEFAULT false NOT NULL,
	`initial_prompt_completed` integer DEFAULT false NOT NULL,
	`bootstrap_session_id` text,
	`user_prompt_message_id` text,
	`user_prompt_completed` integer DEFAULT false NOT NULL,
	`current_model_provider_id` text,
	`current_model_id` text,
	`production_port` integer,
	`production_url` text,
	`production_status` text DEFAULT 'stopped',
	`production_started_at` integer,
	`production_error` text,
	`production_hash` text,
	`template` text DEFAULT 'starter' NOT NULL,
	`error_code` text,
	`error_detail` text,
	`prepared_at_ms` integer,
	`previewed_at_ms` integer,
	FOREIGN KEY (`owner_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "projects_status_check" CHECK("projects"."status" in ('created', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting')),
	CONSTRAINT "projects_production_status_check" CHECK("projects"."production_status" in ('queued', 'building', 'running', 'failed', 'stopped'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_slug_unique` ON `projects` (`slug`);--> statement-breakpoint
CREATE INDEX `projects_owner_user_id_idx` ON `projects` (`owner_user_id`,`created_at`);--> statement-breakpoint
-- Durable work. No foreign key to projects: a job outlives the project it deletes.
CREATE TABLE `queue_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`project_id` text,
	`payload_json` text NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`max_attempts` integer DEFAULT 3 NOT NULL,
	`run_at` integer NOT NULL,
	`locked_at` integer,
	`lock_expires_at` integer,
	`locked_by` text,
	`dedupe_key` text,
	`dedupe_active` text,
	`cancel_requested_at` integer,
	`cancelled_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "queue_jobs_state_check" CHECK("queue_jobs"."state" in ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE INDEX `queue_jobs_project_id_idx` ON `queue_jobs` (`project_id`);--> statement-breakpoint
CREATE INDEX `queue_jobs_runnable_idx` ON `queue_jobs` (`state`,`run_at`,`lock_expires_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `queue_jobs_dedupe_idx` ON `queue_jobs` (`dedupe_key`,`dedupe_active`);--> statement-breakpoint
-- Serves the claim's ORDER BY priority DESC, run_at; the specified runnable index cannot (it sorts the whole due backlog).
CREATE INDEX `queue_jobs_ready_idx` ON `queue_jobs` ("priority" desc,`run_at`) WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX `queue_jobs_lease_idx` ON `queue_jobs` (`lock_expires_at`) WHERE state = 'running';--> statement-breakpoint
-- One row, id = 1, so that pause and concurrency survive a restart.
CREATE TABLE `queue_settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`paused` integer DEFAULT false NOT NULL,
	`concurrency` integer DEFAULT 2 NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "queue_settings_one_row_check" CHECK("queue_settings"."id" = 1)
);
--> statement-breakpoint
-- Logins. Only the SHA-256 of the cookie is kept.
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_hash_unique` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_user_id_idx` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expires_at_idx` ON `sessions` (`expires_at`);--> statement-breakpoint
-- Pieces of an answer, in order.
CREATE TABLE `turn_parts` (
	`turn_id` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`body_json` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`turn_id`, `id`),
	FOREIGN KEY (`turn_id`) REFERENCES `turns`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "turn_parts_kind_check" CHECK("turn_parts"."kind" in ('text', 'reasoning', 'tool', 'notice'))
);
--> statement-breakpoint
-- Prompts and their answers. The message id is stored before the prompt is sent (at most once).
CREATE TABLE `turns` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`position` integer NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`text` text NOT NULL,
	`model` text NOT NULL,
	`agent_session_id` text,
	`agent_message_id` text,
	`prompt_sent_at_ms` integer,
	`version_hash` text,
	`error_code` text,
	`error_message` text,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`finished_at_ms` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "turns_state_check" CHECK("turns"."state" in ('queued', 'running', 'completed', 'failed', 'stopped', 'needs_attention'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `turns_project_position_unique` ON `turns` (`project_id`,`position`);--> statement-breakpoint
CREATE INDEX `turns_live_idx` ON `turns` (`project_id`) WHERE state in ('queued', 'running');--> statement-breakpoint
-- Per-user settings; the provider key is an encrypted envelope.
CREATE TABLE `user_settings` (
	`user_id` text PRIMARY KEY NOT NULL,
	`openrouter_api_key` text,
	`default_model` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
-- The admin. Setup creates the only row.
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`username` text NOT NULL,
	`password_hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username_unique` ON `users` (`username`);
--> statement-breakpoint
-- The one row that pause and concurrency live in.
INSERT INTO `queue_settings` (`id`, `updated_at`) VALUES (1, unixepoch());
