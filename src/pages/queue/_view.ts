import { z } from 'zod';
import type { QueueAddress } from '../../components/queue/queue-address.ts';
import { bulkActions } from '#server/queue/monitor/bulk-rows.ts';
import type { BulkAction } from '#server/queue/monitor/bulk-rows.ts';
import { actionStates } from '#server/queue/monitor/bulk.ts';
import type { JobPage, JobRow } from '#server/queue/monitor/find-jobs.ts';
import { JobFilter, jobOrders } from '#server/queue/monitor/job-filter.ts';
import { chartRanges } from '#server/queue/monitor/series.ts';
import { redactPayload, redactText } from '#server/queue/redact.ts';
import type { Services } from '#server/services.ts';

const PAGE = 50;
const LISTED_PROJECTS = 50;

const Address = JobFilter.extend({
  order: z.enum(jobOrders).catch('newest'),
  range: z.enum(chartRanges).catch('hour'),
  cursor: z.string().max(64).optional().catch(undefined),
  bulk: z.string().max(64).optional().catch(undefined),
  state: JobFilter.shape.state.catch(undefined),
  type: JobFilter.shape.type.catch(undefined),
  projectId: JobFilter.shape.projectId.catch(undefined),
  q: z.preprocess((value) => (typeof value === 'string' ? value.trim().slice(0, 200) || undefined : undefined), z.string().optional()),
});

/** The address of the monitor; what makes no sense in it is left out. */
export function readAddress(url: URL): QueueAddress {
  const { order, range, cursor, bulk, ...filter } = Address.parse(Object.fromEntries(url.searchParams));
  return { filter, order, range, cursor, bulk };
}

/** Everything above the table: numbers, charts, settings. */
export function readOverview({ monitor, queue, clock }: Services, { range, filter }: QueueAddress) {
  return { numbers: monitor.numbers(), series: monitor.series(range, filter.type), settings: queue.settings(), nowMs: clock.now() };
}

/** A page of the table. */
export function readTable({ monitor }: Services, { filter, order, cursor }: QueueAddress): JobPage {
  const page = monitor.jobs(filter, { order, cursor, limit: PAGE });
  return { ...page, jobs: page.jobs.map(withoutSecrets) };
}

export function withoutSecrets(job: JobRow): JobRow {
  return job.lastError === null ? job : { ...job, lastError: redactText(job.lastError) };
}

/** Counts for the tabs: of all types, or of the chosen one. */
export function readTabs({ monitor }: Services, { filter }: QueueAddress) {
  const count = (state: NonNullable<JobFilter['state']>) =>
    monitor.count({ state, ...(filter.type ? { type: filter.type } : {}) } as JobFilter) ?? 0;
  return {
    queued: count('queued'),
    running: count('running'),
    succeeded: count('succeeded'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
}

/** The newest projects to choose from, and the names of those that the jobs belong to. */
export function readProjects({ projects }: Services, ownerId: string, jobs: readonly JobRow[], filter: JobFilter) {
  const wanted = [...jobs.map(({ projectId }) => projectId), filter.projectId].filter((id) => typeof id === 'string');
  const listed = projects.list(ownerId, LISTED_PROJECTS).map(({ id, name }) => ({ id, name }));
  return { listed, names: projects.names(ownerId, [...new Set(wanted)]) };
}

/** The action on many jobs that the address names, or one that is under way: whoever comes by may follow and stop it. */
export function readRun({ monitor }: Services, { bulk }: QueueAddress) {
  return bulk === undefined ? monitor.bulk.underWay() : monitor.bulk.find(bulk);
}

/** What can be done to all jobs of a filter. */
export function bulkChoices({ state }: JobFilter): BulkAction[] {
  return bulkActions.filter((action) => state === undefined || actionStates[action].includes(state));
}

/** An action on all jobs of a filter, counted; undefined when the address names none. */
export async function readConfirmation({ monitor, projects }: Services, ownerId: string, url: URL) {
  const action = bulkActions.find((known) => known === url.searchParams.get('action'));
  if (!action) return undefined;
  const address = readAddress(url);
  const { projectId } = address.filter;
  const projectName = projectId === undefined ? undefined : projects.names(ownerId, [projectId]).get(projectId);
  return { action, address, projectName, preview: await monitor.bulk.preview(action, address.filter) };
}

/** Everything about one job, without secrets; undefined when it does not exist. */
export function readJob({ monitor, projects, clock }: Services, ownerId: string, jobId: string) {
  const detail = monitor.job(jobId);
  if (!detail) return undefined;
  const { projectId } = detail.job;
  const attempts = detail.attempts.map((attempt) => ({ ...attempt, error: attempt.error === null ? null : redactText(attempt.error) }));
  const waits = detail.outlook.waits.map((wait) => ({ ...wait, message: redactText(wait.message) }));
  return {
    detail: { ...detail, job: withoutSecrets(detail.job), attempts, outlook: { ...detail.outlook, waits }, payloadJson: '' },
    payload: redactPayload(detail.payloadJson),
    projectName: projectId === null ? undefined : projects.names(ownerId, [projectId]).get(projectId),
    nowMs: clock.now(),
  };
}
