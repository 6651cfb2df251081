import { expect, test } from 'vitest';
import { startServer } from './support.ts';

const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE'];

test.each([
  ['same-origin', undefined, true],
  ['same-origin', 'null', true],
  ['same-site', 'own', false],
  ['cross-site', 'own', false],
  ['none', 'own', false],
  [undefined, 'own', true],
  [undefined, 'http://localhost:1', false],
  [undefined, 'https://evil.example', false],
  [undefined, 'null', false],
  [undefined, undefined, false],
])('Sec-Fetch-Site %s with Origin %s passes: %s', async (site, origin, passes) => {
  const server = await startServer();
  const headers = {
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    ...(origin === undefined ? {} : { origin: origin === 'own' ? server.origin : origin }),
  };
  for (const method of unsafe) {
    const answer = await server.ask('/api/x', { method, headers, body: '{}' });
    expect([method, answer.status]).toEqual([method, passes ? 200 : 403]);
    if (!passes) expect(answer.json().error.code).toBe('cross_site_request');
  }
});

test('reading needs no origin', async () => {
  const { ask } = await startServer();
  for (const method of ['GET', 'HEAD']) {
    expect((await ask('/', { method, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } })).status).toBe(200);
  }
});

test('the content type makes no difference', async () => {
  const { ask } = await startServer();
  for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { 'content-type': type, origin: 'https://evil.example' };
    expect((await ask('/api/x', { method: 'POST', headers, body: '{}' })).status).toBe(403);
  }
});

test('behind a TLS proxy the configured origin counts', async () => {
  const { ask } = await startServer({ config: { publicUrl: 'https://doce.example', trustedProxy: '127.0.0.1' } });
  const post = (origin: string) => ask('/', { method: 'POST', host: 'doce.example', headers: { origin }, body: '' });
  expect((await post('https://doce.example')).status).toBe(200);
  expect((await post('http://doce.example')).status).toBe(403);
});

test('a form says what it means in its address; a program and a GET cannot', async () => {
  const { ask, origin } = await startServer();
  const methodSeen = async (path: string, method: string, type: string) =>
    JSON.parse((await ask(path, { method, headers: { origin, 'content-type': type }, body: method === 'GET' ? '' : 'a=1' })).text).method;
  const form = 'application/x-www-form-urlencoded';
  expect(await methodSeen('/api/session?_method=DELETE', 'POST', form)).toBe('DELETE');
  expect(await methodSeen('/api/session?_method=TRACE', 'POST', form)).toBe('POST');
  expect(await methodSeen('/api/session?_method=DELETE', 'POST', 'application/json')).toBe('POST');
  expect(await methodSeen('/api/session?_method=DELETE', 'GET', form)).toBe('GET');
});
