-- For the queue monitor: a type's jobs, newest first by rowid. Not partial: a type's jobs of all states are one list, and an
-- index that mentions `state` would be rewritten at each claim and each end, this one only by an enqueue (docs/decisions/0019).
CREATE INDEX `queue_jobs_type_idx` ON `queue_jobs` (`type`);
