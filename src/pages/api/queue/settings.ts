import { z } from 'zod';
import { endpoint } from '../_endpoint.ts';
import { QueueSettingsPatch, QueueSettingsShape } from './_shapes.ts';

const SettingsAnswer = z.object({ settings: QueueSettingsShape });

export const GET = endpoint(
  { auth: 'session', summary: 'Whether the queue is paused, and how many jobs run at once.', response: SettingsAnswer },
  ({ services }) => ({ body: { settings: services.queue.settings() } }),
);

export const PATCH = endpoint(
  {
    auth: 'session',
    summary: 'Pauses, resumes, or changes how many jobs run at once; in force at once. What runs goes on.',
    input: QueueSettingsPatch,
    response: SettingsAnswer,
    page: () => '/queue',
  },
  ({ input, services }) => {
    const { paused, concurrency } = input;
    services.monitor.updateSettings({ ...(paused === undefined ? {} : { paused }), ...(concurrency === undefined ? {} : { concurrency }) });
    return { body: { settings: services.queue.settings() } };
  },
);
