import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { EventStream } from '#server/http/event-stream.ts';
import { endpoint } from '../../src/pages/api/_endpoint.ts';
import { ADMIN, SETUP_TOKEN, startApp } from './app-server.ts';
import type { AppOverrides } from './app-server.ts';

/** The app with an event stream behind a session; each opened stream is handed to the test. */
async function startEvents(overrides: AppOverrides = {}) {
  const opened: EventStream[] = [];
  const ended: EventStream[] = [];
  const waiting: ((stream: EventStream) => void)[] = [];
  const onEnd: (() => void)[] = [];
  let owner = '';
  const events = {
    GET: endpoint({ auth: 'session', summary: 'Events.' }, ({ edge, request, session, services }) =>
      edge.openEventStream({
        owner: owner || session.session.id,
        signal: request.signal,
        stillAllowed: () => services.auth.findSession(request.headers.get('cookie')) !== null,
        subscribe(stream) {
          opened.push(stream);
          waiting.shift()?.(stream);
          return () => {
            ended.push(stream);
            onEnd.shift()?.();
          };
        },
      }),
    ),
  };
  const app = await startApp({ routes: { '/api/events': events }, ...overrides });
  await app.auth.createFirstAdmin({ ...ADMIN, token: SETUP_TOKEN, address: '192.0.2.1' });
  await app.call('POST', '/api/session', ADMIN);

  async function listen(): Promise<{ response: IncomingMessage; stream: EventStream }> {
    const stream = new Promise<EventStream>((resolve) => waiting.push(resolve));
    const cookie = [...app.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = request({
      host: '127.0.0.1',
      port: app.port,
      path: '/api/events',
      headers: { host: `localhost:${app.port}`, cookie },
      agent: false,
    }).end();
    sent.on('error', () => {});
    onTestFinished(() => void sent.destroy());
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    return { response, stream: await stream };
  }
  const nextEnd = () => new Promise<void>((resolve) => onEnd.push(resolve));
  return { ...app, listen, opened, ended, nextEnd, actAs: (name: string) => (owner = name) };
}

/** Reads until the text is there. */
async function readUntil(response: IncomingMessage, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of response.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) return text;
  }
  throw new Error(`ended after ${text}`);
}

test('events arrive with id, name and JSON on one line, not to be stored', async () => {
  const { listen } = await startEvents();
  const { response, stream } = await listen();
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  stream.send({ id: 7, event: 'project.changed', data: { text: 'a\nb' } });
  expect(await readUntil(response, '\\nb')).toBe('retry: 2000\n\nid: 7\nevent: project.changed\ndata: {"text":"a\\nb"}\n\n');
  expect(() => stream.send({ event: 'x\ndata: forged', data: 1 })).toThrow(TypeError);
});

test('a client that leaves is noticed and unsubscribed, once', async () => {
  const { listen, ended, nextEnd } = await startEvents();
  const { response, stream } = await listen();
  const over = nextEnd();
  response.destroy();
  await over;
  expect(stream.closed).toBe(true);
  expect(stream.send({ data: 1 })).toBe(false);
  stream.close();
  expect(ended).toEqual([stream]);
});

test('a quiet stream has a heartbeat', async () => {
  const { listen } = await startEvents({ heartbeatMs: 10 });
  expect(await readUntil((await listen()).response, ': heartbeat\n\n')).toContain(': heartbeat');
});

test('the fifth stream of a session is refused, and a place comes free again', async () => {
  const { listen, call, nextEnd } = await startEvents();
  const streams = [await listen(), await listen(), await listen(), await listen()];
  const refused = await call('GET', '/api/events');
  expect([refused.status, refused.json().error.code, refused.headers['retry-after']]).toEqual([429, 'too_many_streams', '5']);
  const over = nextEnd();
  streams[0]!.response.destroy();
  await over;
  await listen();
});

test('all sessions together get fifty', async () => {
  const { listen, call, actAs } = await startEvents();
  for (let index = 0; index < 50; index += 1) {
    actAs(`session ${index % 13}`);
    await listen();
  }
  actAs('another');
  expect((await call('GET', '/api/events')).status).toBe(429);
});

test('a reader that does not keep up is dropped, its memory with it', async () => {
  const { listen, nextEnd } = await startEvents();
  const { response, stream } = await listen();
  response.pause();
  const over = nextEnd();
  const closed = new Promise((resolve) => response.once('close', resolve));
  const piece = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < 1_000 && stream.send({ data: piece }); sent += 1) await new Promise(setImmediate);
  await over;
  expect(stream.closed).toBe(true);
  response.resume();
  await closed;
});

test('a burst larger than the backlog may be drops the stream too', async () => {
  const { listen } = await startEvents();
  const { stream } = await listen();
  let sent = 0;
  while (stream.send({ data: 'x'.repeat(64 * 1024) })) sent += 1;
  expect(sent).toBeLessThan(20);
});

test('logging out ends the streams of that session', async () => {
  const { listen, call } = await startEvents();
  const { response } = await listen();
  response.resume();
  const ended = once(response, 'end');
  await call('DELETE', '/api/session');
  await ended;
});

test('a session that runs out ends its stream at the next heartbeat', async () => {
  const { listen, clock } = await startEvents({ heartbeatMs: 10 });
  const { response } = await listen();
  response.resume();
  const ended = once(response, 'end');
  clock.advance(31 * 24 * 60 * 60_000);
  await ended;
});

test('stopping ends streams instead of waiting for them', async () => {
  const { listen, http } = await startEvents();
  const { response } = await listen();
  response.resume();
  const ended = once(response, 'end');
  await http.stop(60_000);
  await ended;
});
