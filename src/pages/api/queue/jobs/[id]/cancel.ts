import { endpoint } from '../../../_endpoint.ts';
import { getJob, JobAnswer, JobParams } from '../../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Cancels a waiting job; tells a running one to stop, after which it ends as cancelled.',
    params: JobParams,
    response: JobAnswer,
    page: () => '/queue',
  },
  ({ params, services }) => {
    services.monitor.act('cancel', params.id);
    return { body: { job: getJob(services, params.id) } };
  },
);
