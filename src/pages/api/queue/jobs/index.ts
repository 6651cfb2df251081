import { endpoint } from '../../_endpoint.ts';
import { JobsAnswer, JobsQuery, shapeJob } from '../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Jobs, newest first; those of one state by when they were due. `q` is text within id, type, payload or last error.',
    query: JobsQuery,
    response: JobsAnswer,
  },
  ({ query, services }) => {
    const { cursor, limit, order, ...filter } = query;
    const page = services.monitor.jobs(filter, { cursor, limit, order });
    const { lookedThrough } = page;
    return {
      body: {
        jobs: page.jobs.map(shapeJob),
        nextCursor: page.nextCursor ?? null,
        lookedThrough: lookedThrough ? { rows: lookedThrough.rows, until: new Date(lookedThrough.until * 1000).toISOString() } : null,
      },
    };
  },
);
