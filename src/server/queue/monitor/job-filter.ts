import { z } from 'zod';
import { queueJobStates } from '#server/db/schema.ts';

const absentWhenEmpty = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), shape.optional());

export const jobOrders = ['newest', 'oldest'] as const;

/** Which jobs are meant: by fields of a query or a form, where an empty one means any. */
export const JobFilter = z.object({
  state: absentWhenEmpty(z.enum(queueJobStates)),
  type: absentWhenEmpty(z.string().trim().max(100)),
  projectId: absentWhenEmpty(z.string().trim().max(64)),
  /** Text within the id, type, payload or last error; case does not matter for ASCII. */
  q: absentWhenEmpty(z.string().trim().max(200)),
});
export type JobFilter = z.infer<typeof JobFilter>;
export type JobOrder = (typeof jobOrders)[number];

/**
 * A place in a list, between two rows. Jobs of one state lie by when they are due, all others by insertion; a cursor says
 * which, so that a list goes on as it began although the counts that chose its order have changed.
 */
export type Place = { by: 'row'; rowid: number } | { by: 'due'; runAt: number; rowid: number };

export function cursorOf(place: Place): string {
  return place.by === 'row' ? `r${place.rowid}` : `d${place.runAt}-${place.rowid}`;
}

/** Undefined for what is not a cursor of ours: the list then starts at its beginning. */
export function placeOf(cursor: string | undefined): Place | undefined {
  const row = /^r(\d{1,15})$/.exec(cursor ?? '');
  if (row) return { by: 'row', rowid: Number(row[1]) };
  const due = /^d(\d{1,15})-(\d{1,15})$/.exec(cursor ?? '');
  return due ? { by: 'due', runAt: Number(due[1]), rowid: Number(due[2]) } : undefined;
}

/** Whether nothing is asked for: every job is meant. */
export function isEverything(filter: JobFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}
