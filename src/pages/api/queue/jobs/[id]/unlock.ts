import { endpoint } from '../../../_endpoint.ts';
import { getJob, JobAnswer, JobParams } from '../../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Takes a running job back from its handler: it waits again, with the attempt counted.',
    params: JobParams,
    response: JobAnswer,
    page: () => '/queue',
  },
  ({ params, services }) => {
    services.monitor.act('unlock', params.id);
    return { body: { job: getJob(services, params.id) } };
  },
);
