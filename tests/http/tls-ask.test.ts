import { expect, test } from 'vitest';
import { createRequestRate } from '#server/http/request-rate.ts';
import * as ask from '../../src/pages/api/tls/ask.ts';
import { makeClock } from '../support/clock.ts';
import { startApp } from './app-server.ts';

async function startAsked(burst = 5) {
  const clock = makeClock();
  const services = {
    tlsRate: createRequestRate({ clock, burst, perSecond: 2 }),
    projects: { siteNames: { isServed: (hostname: string) => hostname === 'bakery.example' } },
  };
  const app = await startApp({ routes: { '/api/tls/ask': ask }, services });
  return { ...app, clock };
}

test('a proxy may ask without a login whether a hostname is served', async () => {
  const { call } = await startAsked();
  expect((await call('GET', '/api/tls/ask?domain=bakery.example')).status).toBe(200);
  const refused = await call('GET', '/api/tls/ask?domain=other.example');
  expect([refused.status, refused.json().error.code]).toEqual([404, 'hostname_not_served']);
  expect((await call('GET', '/api/tls/ask')).status).toBe(422);
});

test('it may call doce by a name that is not the public one, for this question only', async () => {
  const { ask: send } = await startAsked();
  expect((await send('/api/tls/ask?domain=bakery.example', { host: 'doce:4321' })).status).toBe(200);
  expect((await send('/api/tls/ask?domain=bakery.example', { host: 'doce:4321', method: 'POST' })).status).toBe(421);
  expect((await send('/api/tls/ask/x', { host: 'doce:4321' })).status).toBe(421);
});

test('questions beyond the rate are answered 429 and say when to ask again', async () => {
  const { call, clock } = await startAsked(3);
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await call('GET', '/api/tls/ask?domain=bakery.example')).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await call('GET', '/api/tls/ask?domain=bakery.example')).headers['retry-after']).toBe('1');
  clock.advance(500);
  expect((await call('GET', '/api/tls/ask?domain=bakery.example')).status).toBe(200);
});

test('one address that asks too much does not silence another', () => {
  const rate = createRequestRate({ clock: makeClock(), burst: 1, perSecond: 1 });
  rate.admit('192.0.2.1');
  expect(() => rate.admit('192.0.2.1')).toThrow('Too many attempts');
  expect(() => rate.admit('192.0.2.2')).not.toThrow();
});
