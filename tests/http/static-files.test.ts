import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from './support.ts';

test('a built file is served with its type', async () => {
  const { ask } = await startServer();
  const answer = await ask('/_astro/app.abc123.js?v=1');
  expect(answer.text).toBe('export {};\n');
  expect(answer.headers['content-type']).toMatch(/^(text|application)\/javascript/);
  expect((await ask('/_astro/app.abc123.js', { method: 'HEAD' })).text).toBe('');
});

test.each(['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/.hidden', '/_astro', '/_astro/', '/%00', '/%'])(
  '%s is no file',
  async (path) => {
    const { ask } = await startServer();
    expect((await ask(path)).headers['content-type']).toBe('application/json');
  },
);

test('a file that has gone is not found, and the server lives on', async () => {
  const { ask, clientDir } = await startServer();
  rmSync(join(clientDir, '_astro'), { recursive: true });
  expect((await ask('/_astro/app.abc123.js')).headers['content-type']).toBe('application/json');
  expect((await ask('/favicon.svg')).status).toBe(200);
});

test.each(['bytes=10-5', 'bytes=-1', 'bytes=999-', 'nonsense'])('the range "%s" does no harm', async (range) => {
  const { ask } = await startServer();
  expect((await ask('/favicon.svg', { headers: { range } })).status).toBe(200);
});
