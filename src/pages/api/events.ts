import { z } from 'zod';
import type { DoceEvent } from '#server/events/events.ts';
import type { EventStream } from '#server/http/event-stream.ts';
import type { Services } from '#server/services.ts';
import { endpoint } from './_endpoint.ts';

/** Of no use to a page that shows one project. */
const ofQueue: ReadonlySet<DoceEvent['kind']> = new Set(['queue.changed', 'job.log']);

const EventsQuery = z.object({ projectId: z.string().max(64).optional() });

/**
 * What changes, as it changes. With `Last-Event-ID` the stream begins with what was missed; where that is no longer all
 * there, or on a first connection, it begins with `sync`: refresh everything.
 */
export const GET = endpoint(
  { auth: 'session', summary: 'Server-sent events: what changed. `projectId` narrows them to one project.', query: EventsQuery },
  ({ query, session, services, edge, request }) => {
    const { projectId } = query;
    if (projectId !== undefined) services.projects.view(session.user.id, projectId);
    const cookieHeader = request.headers.get('cookie');
    return edge.openEventStream({
      owner: session.session.id,
      signal: request.signal,
      stillAllowed: () => services.auth.findSession(cookieHeader) !== null,
      subscribe(stream) {
        replay(services, stream, lastEventId(request), projectId);
        return services.events.subscribe((event) => {
          if (projectId === undefined || !ofQueue.has(event.kind)) send(stream, event);
        }, projectId);
      },
    });
  },
);

function lastEventId(request: Request): number | undefined {
  const header = request.headers.get('last-event-id');
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

function replay(services: Services, stream: EventStream, afterId: number | undefined, projectId: string | undefined): void {
  const missed = afterId === undefined ? undefined : services.events.since(afterId, projectId);
  if (missed) missed.forEach((event) => send(stream, event));
  else stream.send({ id: services.events.latestId(), event: 'sync', data: {} });
}

function send(stream: EventStream, { id, kind, projectId, data }: DoceEvent): void {
  const named = projectId === null ? data : { projectId, ...data };
  stream.send(id === undefined ? { event: kind, data: named } : { id, event: kind, data: named });
}
