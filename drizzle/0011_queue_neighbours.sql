-- What has succeeded, what runs and the head of the queue lie side by side: an end and the next claim share a page (docs/decisions/0033).
DROP INDEX `queue_jobs_runnable_idx`;--> statement-breakpoint
CREATE INDEX `queue_jobs_runnable_idx` ON `queue_jobs` ("state" desc,`run_at`,`lock_expires_at`);
