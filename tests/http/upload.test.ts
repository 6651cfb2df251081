import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { receiveUpload } from '#server/http/receive-upload.ts';
import { endpoint } from '../../src/pages/api/_endpoint.ts';
import { startApp } from './app-server.ts';

const MIB = 1024 * 1024;

async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'doce-upload-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const POST = endpoint(
    { auth: 'public', summary: 'Receives.', input: z.object({ gitUrl: z.string() }), upload: true, status: 201 },
    async ({ input, request }) => {
      if (input) return { body: { input } };
      const { file, fileName, fields } = await receiveUpload(request, folder);
      return { body: { sizeBytes: file ? readFileSync(file).length : null, fileName: fileName ?? null, fields } };
    },
  );
  const app = await startApp({ routes: { '/api/setup': { POST } } });
  const send = async (type: string, body: string | Buffer, headers: Record<string, string> = {}) => {
    const answer = await app.ask('/api/setup', { method: 'POST', headers: { origin: app.origin, 'content-type': type, ...headers }, body });
    return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> & { error?: { code: string } } };
  };
  return { ...app, send, left: () => readdirSync(folder) };
}

const form = (...parts: [string, string | Buffer][]) =>
  Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--x--\r\n'),
  ]);
const MULTIPART = 'multipart/form-data; boundary=x';

test.each(['application/zip', 'application/x-zip-compressed', 'application/octet-stream'])(
  'a bare %s body becomes a file',
  async (type) => {
    const { send } = await setup();
    expect(await send(type, Buffer.alloc(3 * MIB, 1))).toEqual({ status: 201, body: { sizeBytes: 3 * MIB, fileName: null, fields: {} } });
  },
);

test('the file of a form becomes a file, whatever is in it, and its fields come along', async () => {
  const { send, left } = await setup();
  const content = Buffer.from('PK\x03\x04\r\n--y\r\n\0\xff', 'latin1');
  const body = form(
    ['name="gitUrl"', ''],
    ['name="file"; filename="../../my site.zip"', content],
    ['name="__proto__"', 'x'],
    ['name="name"', 'Mine'],
  );
  const answer = await send(MULTIPART, body);
  expect(answer).toMatchObject({
    status: 201,
    body: { sizeBytes: content.length, fileName: 'my site.zip', fields: { gitUrl: '', name: 'Mine' } },
  });
  expect(left()).toEqual([expect.stringMatching(/^[0-9a-f]{24}\.part$/)]);
});

test('a form without a file is one', async () => {
  const { send, left } = await setup();
  const answer = await send(MULTIPART, form(['name="file"; filename=""', ''], ['name="gitUrl"', 'https://a.test/b']));
  expect(answer).toEqual({ status: 201, body: { sizeBytes: null, fileName: null, fields: { gitUrl: 'https://a.test/b' } } });
  expect(left()).toEqual([]);
});

test('a second file is not kept', async () => {
  const { send, left } = await setup();
  const answer = await send(MULTIPART, form(['name="file"; filename="a.zip"', 'one'], ['name="file"; filename="b.zip"', 'three']));
  expect(answer.body).toMatchObject({ fileName: 'a.zip', sizeBytes: 3 });
  expect(left().length).toBe(1);
});

test('JSON is read as ever', async () => {
  const { send } = await setup();
  expect((await send('application/json', '{"gitUrl":"x"}')).body).toEqual({ input: { gitUrl: 'x' } });
  expect(await send('application/json', '{}')).toMatchObject({ status: 422, body: { error: { code: 'invalid_input' } } });
  expect(await send('text/plain', 'x')).toMatchObject({ status: 415, body: { error: { code: 'unsupported_type' } } });
});

test.each([
  ['application/zip', Buffer.alloc(10 * MIB, 1), 201],
  ['application/zip', Buffer.alloc(10 * MIB + 1, 1), 413],
  [MULTIPART, form(['name="file"; filename="a.zip"', Buffer.alloc(10 * MIB, 1)]), 413],
])('%s: of %# so many bytes', async (type, body, status) => {
  const { send, left } = await setup();
  expect((await send(type, body)).status).toBe(status);
  expect(left().length).toBe(status === 201 ? 1 : 0);
});

test.each(['application/zip', MULTIPART])('%s of unknown length is counted while it arrives, and nothing stays', async (type) => {
  const { send, left } = await setup();
  const body = type === MULTIPART ? form(['name="file"; filename="a.zip"', Buffer.alloc(11 * MIB, 1)]) : Buffer.alloc(11 * MIB, 1);
  const answer = await send(type, body, { 'transfer-encoding': 'chunked' });
  expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
  expect(left()).toEqual([]);
});

test.each([
  ['multipart/form-data', 'no boundary'],
  [MULTIPART, form(['name="file"; filename="a.zip"', 'cut']).subarray(0, -12)],
  [MULTIPART, 'nothing of the kind'],
])('%s that is no form is refused, and nothing stays', async (type, body) => {
  const { send, left } = await setup();
  expect(await send(type, body)).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
  expect(left()).toEqual([]);
});

test.each(['application/zip', MULTIPART])(
  'a %s connection that breaks leaves nothing',
  async (type) => {
    const { port, origin, left } = await setup();
    const headers = { host: `localhost:${port}`, origin, 'content-type': type, 'content-length': String(5 * MIB) };
    const sent = httpRequest({ host: '127.0.0.1', port, path: '/api/setup', method: 'POST', headers, agent: false });
    sent.on('error', () => {});
    if (type === MULTIPART) sent.write(form(['name="file"; filename="a.zip"', 'x']).subarray(0, -9));
    sent.write(Buffer.alloc(MIB, 1));
    await vi.waitFor(() => expect(left().length).toBe(1), { timeout: 5_000 });
    sent.destroy();
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 5_000 });
  },
  15_000,
);
