import { z } from 'zod';
import { bulkActions } from '#server/queue/monitor/bulk-rows.ts';
import { JobFilter } from '#server/queue/monitor/job-filter.ts';
import { endpoint } from '../../_endpoint.ts';
import { BulkAnswer } from '../_shapes.ts';

const Action = JobFilter.extend({ action: z.enum(bulkActions) });

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Counts the jobs that an action on a filter would meet, and changes nothing. Pass `upTo` on, and later jobs are left alone.',
    query: Action,
    response: z.object({ preview: z.object({ count: z.number().int(), upTo: z.number().int() }) }),
  },
  async ({ query, services }) => {
    const { action, ...filter } = query;
    return { body: { preview: await services.monitor.bulk.preview(action, filter) } };
  },
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Cancels, retries, makes due or deletes every job of a filter, in small batches; the answer says how to follow it.',
    input: Action.extend({ upTo: z.coerce.number().int().min(0).optional() }),
    response: BulkAnswer,
    status: 202,
    page: () => '/queue',
  },
  ({ input, services }) => {
    const { action, upTo, ...filter } = input;
    const bulk = services.monitor.bulk.start(action, filter, upTo);
    return { body: { bulk }, location: `/queue?bulk=${bulk.id}` };
  },
);
