import { AppError } from '#server/errors.ts';
import { endpoint } from '../../_endpoint.ts';
import { BulkAnswer, JobParams } from '../_shapes.ts';

export const GET = endpoint(
  { auth: 'session', summary: 'How far an action on many jobs has got.', params: JobParams, response: BulkAnswer },
  ({ params, services }) => {
    const bulk = services.monitor.bulk.find(params.id);
    if (!bulk) throw new AppError('bulk_not_found');
    return { body: { bulk } };
  },
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Ends an action on many jobs; what it has done stays done.', params: JobParams, response: BulkAnswer },
  ({ params, services }) => {
    const bulk = services.monitor.bulk.stop(params.id);
    if (!bulk) throw new AppError('bulk_not_found');
    return { body: { bulk } };
  },
);
