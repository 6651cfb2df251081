import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { followEvents } from '#server/agent/event-stream.ts';
import { createLog } from '#server/log.ts';

test('once the subscription is over nothing is delivered, even by a connection that ignores the abort', async () => {
  const over = new AbortController();
  const heard: string[] = [];
  let wire!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (wire = controller),
    cancel: () => void (cancelled = true),
  });
  const say = (event: object) => wire.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
  say({ type: 'server.connected', properties: {} });
  await followEvents({
    api: { openEvents: async () => new Response(body) },
    log: createLog('silent'),
    signal: over.signal,
    onEvent: (event) => heard.push(event.type),
    onReconnect: () => heard.push('reconnected'),
  });
  say({ type: 'session.idle', properties: { sessionID: 'ses_1' } });
  await nextTurn();
  say({ type: 'session.idle', properties: { sessionID: 'ses_1' } });
  over.abort();
  await nextTurn();
  expect(heard).toEqual(['server.connected', 'session.idle']);
  expect(cancelled).toBe(true);
});
