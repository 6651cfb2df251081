import { endpoint } from '../../../_endpoint.ts';
import { getJob, JobAnswer, JobParams } from '../../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Gives a failed or cancelled job all its attempts again, due at once.',
    params: JobParams,
    response: JobAnswer,
    page: () => '/queue',
  },
  ({ params, services }) => {
    services.monitor.act('retry', params.id);
    return { body: { job: getJob(services, params.id) } };
  },
);
