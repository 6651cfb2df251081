import { endpoint } from '../../../_endpoint.ts';
import { getJob, JobAnswer, JobParams } from '../../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Makes a waiting job due at once.',
    params: JobParams,
    response: JobAnswer,
    page: () => '/queue',
  },
  ({ params, services }) => {
    services.monitor.act('run-now', params.id);
    return { body: { job: getJob(services, params.id) } };
  },
);
