import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db, Tx } from '#server/db/open.ts';
import { queueJobs } from '#server/db/schema.ts';
import type { QueueJob } from '#server/db/schema.ts';
import type { JobState } from './statements.ts';

export interface JobFilter {
  state?: JobState;
  type?: string;
  projectId?: string;
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** 1 … 200; 50 unless said. */
  limit?: number;
}

const MAX_PAGE = 200;

export function findJob(db: Db | Tx, jobId: string): QueueJob | undefined {
  return db.select().from(queueJobs).where(eq(queueJobs.id, jobId)).get();
}

/**
 * A page of jobs, newest first by insertion.
 *
 * @returns `nextCursor` while older ones exist. A cursor that is not one of ours starts from the newest.
 */
export function listJobs(db: Db | Tx, filter: JobFilter): { jobs: QueueJob[]; nextCursor: string | undefined } {
  const limit = Math.max(1, Math.min(MAX_PAGE, filter.limit ?? 50));
  const before = /^\d{1,15}$/.test(filter.cursor ?? '') ? Number(filter.cursor) : undefined;
  const rowid = sql<number>`${queueJobs}.rowid`;
  const rows = db
    .select({ rowid: rowid.as('job_rowid'), job: queueJobs })
    .from(queueJobs)
    .where(
      and(
        filter.state ? eq(queueJobs.state, filter.state) : undefined,
        filter.type ? eq(queueJobs.type, filter.type) : undefined,
        filter.projectId ? eq(queueJobs.projectId, filter.projectId) : undefined,
        before === undefined ? undefined : sql`${rowid} < ${before}`,
      ),
    )
    .orderBy(desc(rowid))
    .limit(limit + 1)
    .all();
  const page = rows.slice(0, limit);
  return { jobs: page.map((row) => row.job), nextCursor: rows.length > limit ? String(page.at(-1)!.rowid) : undefined };
}
