-- A job may wait as the one successor of a running job with its key (dedupe_active = 'successor'). Whatever frees the key, whoever
-- writes, hands it on in the same statement: a successor can neither be forgotten nor run beside its predecessor.
CREATE TRIGGER `queue_jobs_key_freed` AFTER UPDATE OF `dedupe_active` ON `queue_jobs`
WHEN old.`dedupe_active` = 'active' AND new.`dedupe_active` IS NULL BEGIN
	UPDATE `queue_jobs` SET `dedupe_active` = 'active' WHERE `dedupe_key` = old.`dedupe_key` AND `dedupe_active` = 'successor';
END;
--> statement-breakpoint
CREATE TRIGGER `queue_jobs_key_deleted` AFTER DELETE ON `queue_jobs` WHEN old.`dedupe_active` = 'active' BEGIN
	UPDATE `queue_jobs` SET `dedupe_active` = 'active' WHERE `dedupe_key` = old.`dedupe_key` AND `dedupe_active` = 'successor';
END;
