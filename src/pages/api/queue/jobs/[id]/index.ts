import { endpoint } from '../../../_endpoint.ts';
import { getJob, JobAnswer, JobParams } from '../../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'One job: its payload without secrets, its attempts with their logs, why it waits and what happens next.',
    params: JobParams,
    response: JobAnswer,
  },
  ({ params, services }) => ({ body: { job: getJob(services, params.id) } }),
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Deletes a job that has ended, with its attempts.', params: JobParams },
  ({ params, services }) => {
    services.monitor.act('delete', params.id);
    return { location: '/queue' };
  },
);
