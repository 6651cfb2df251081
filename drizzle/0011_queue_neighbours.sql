DROP INDEX `queue_jobs_runnable_idx`;--> statement-breakpoint
CREATE INDEX `queue_jobs_runnable_idx` ON `queue_jobs` ("state" desc,`run_at`,`lock_expires_at`);