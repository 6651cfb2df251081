import { endpoint } from '../_endpoint.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary:
      'Someone is typing a prompt: makes a site ready for it. Ask again while they type; unasked for, it is given up after 3 minutes.',
    status: 202,
  },
  ({ services }) => {
    services.projects.askForSpare();
    return { body: {}, location: '/' };
  },
);
