import { stateWords } from './job-words.ts';
import type { JobFilter, JobOrder } from '#server/queue/monitor/job-filter.ts';
import type { ChartRange } from '#server/queue/monitor/series.ts';

/** What the monitor's address says: which jobs, in which order, from where, and which charts. */
export interface QueueAddress {
  filter: JobFilter;
  order: JobOrder;
  range: ChartRange;
  cursor?: string | undefined;
  /** An action on many jobs to follow. */
  bulk?: string | undefined;
}

/** The address with some of it changed, from the beginning of its list unless a place is given. */
export function queueHref(address: QueueAddress, change: Partial<QueueAddress> = {}): string {
  const query = queueQuery({ ...address, cursor: undefined, bulk: undefined, ...change });
  return query === '' ? '/queue' : `/queue?${query}`;
}

/** Only what differs from the plain monitor. */
export function queueQuery({ filter, order, range, cursor, bulk }: QueueAddress): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  if (order !== 'newest') query.set('order', order);
  if (range !== 'hour') query.set('range', range);
  if (cursor !== undefined) query.set('cursor', cursor);
  if (bulk !== undefined) query.set('bulk', bulk);
  return query.toString();
}

/** The filter in words, for a sentence: "failed jobs of type turn.send in Torra with “timeout”". */
export function filterInWords(filter: JobFilter, projectName: string | undefined): string {
  return [
    filter.state ? `${stateWords[filter.state].toLowerCase()} jobs` : 'jobs',
    filter.type && `of type ${filter.type}`,
    filter.projectId && `of ${projectName ?? 'a deleted project'}`,
    filter.q && `with “${filter.q}”`,
  ]
    .filter(Boolean)
    .join(' ');
}
