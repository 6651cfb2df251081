import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { turns } from '#server/db/conversation-tables.ts';
import { UPLOAD_LIMIT_BYTES } from '#server/http/body-limits.ts';
import { openApiDocument } from '#server/http/openapi.ts';
import { attachmentLimits } from '#server/projects/attachments.ts';
import { PROMPT_LENGTH } from '#server/projects/create-project.ts';
import * as projectsRoute from '../../src/pages/api/projects/index.ts';
import * as turnsRoute from '../../src/pages/api/projects/[id]/turns/index.ts';
import { setupProjects } from '../support/projects.ts';
import { startApp } from './app-server.ts';
import { startServer } from './support.ts';

const MIB = 1024 * 1024;

/** The real server, edge and route on a real domain; the person is signed in. */
async function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-http-attachments-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir });
  const { projects } = world.boot();
  const auth = { findSession: () => ({ user: { id: world.ownerId, username: 'ada' }, session: { id: 's1' } }), needsSetup: () => false };
  const app = await startApp({ routes: { '/api/projects': projectsRoute }, services: { auth, projects } });
  const stored = (name: string) => {
    const [turn] = world.db.select().from(turns).all();
    return readFileSync(join(dataDir, 'projects', turn!.projectId, 'attachments', turn!.id, name));
  };
  const rows = () => world.db.select().from(turns).all();
  return { ...app, stored, rows };
}

async function formBody(fields: Record<string, string>, files: readonly File[]): Promise<{ type: string; body: Buffer }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append('attachments', file);
  const response = new Response(form);
  return { type: response.headers.get('content-type')!, body: Buffer.from(await response.arrayBuffer()) };
}

test('a program sends files as base64', async () => {
  const { call, stored } = await setup();
  const content = Buffer.from([0, 255, 10, 13, 128]);
  const answer = await call('POST', '/api/projects', {
    prompt: 'a bakery',
    attachments: [{ name: 'a.bin', content: content.toString('base64') }],
  });
  expect(answer.status).toBe(201);
  expect(stored('a.bin')).toEqual(content);
});

test('the most that may be attached, with the longest prompt, fits into JSON', async () => {
  const { call, stored } = await setup();
  const content = Buffer.alloc(attachmentLimits.bytes, 7).toString('base64');
  const body = JSON.stringify({ prompt: '🥐'.repeat(PROMPT_LENGTH / 2), attachments: [{ name: 'a.bin', content }] });
  expect(body.length).toBeLessThan(UPLOAD_LIMIT_BYTES);
  expect((await call('POST', '/api/projects', body)).status).toBe(201);
  expect(stored('a.bin').length).toBe(attachmentLimits.bytes);
});

test.each([1, 2])('a form without scripts sends %i files and leads to the project', async (count) => {
  const { ask, stored } = await setup();
  const files = ['one', 'two'].slice(0, count).map((text) => new File([text], `${text}.txt`));
  const { type, body } = await formBody({ prompt: 'a bakery', model: 'doce/offline' }, files);
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: 'null', 'content-type': type };
  const answer = await ask('/api/projects?_from=/', { method: 'POST', headers, body });
  expect([answer.status, answer.headers.location]).toEqual([303, '/projects/bakery']);
  for (const file of files) expect(stored(file.name).toString()).toBe(await file.text());
});

test('a form whose file field was left empty is a prompt without files', async () => {
  const { ask, rows } = await setup();
  // As browsers send it.
  const body = Buffer.from(
    '--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na bakery\r\n' +
      '--x\r\nContent-Disposition: form-data; name="attachments"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n',
  );
  const type = 'multipart/form-data; boundary=x';
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: 'null', 'content-type': type };
  expect((await ask('/api/projects', { method: 'POST', headers, body })).status).toBe(303);
  expect(rows()).toMatchObject([{ attachmentsJson: null }]);
});

test.each([
  ['too many', Array.from({ length: 11 }, () => ({ name: 'a', content: '' })), 422, 'too_many_attachments'],
  ['too large', [{ name: 'a', content: 'A'.repeat(10 * MIB - 1_000) }], 413, 'attachments_too_large'],
  ['larger than any body', [{ name: 'a', content: 'A'.repeat(11 * MIB) }], 413, 'attachments_too_large'],
  ['not base64', [{ name: 'a', content: '?' }], 422, 'attachment_unreadable'],
  ['without a name', [{ name: '/', content: '' }], 422, 'attachment_name_invalid'],
  ['of another shape', [{ name: 'a' }], 422, 'invalid_input'],
])('what is %s is refused and nothing is stored', async (_what, attachments, status, code) => {
  const { call, rows } = await setup();
  const answer = await call('POST', '/api/projects', { prompt: 'a bakery', attachments });
  expect([answer.status, answer.json().error.code]).toEqual([status, code]);
  expect(rows()).toEqual([]);
});

test.each([
  ['/api/projects', 10 * MIB, 200],
  ['/api/projects/abc/turns?_from=/', 10 * MIB, 200],
  ['/api/projects/abc/turns', 10 * MIB + 1, 413],
  ['/api/projects/abc/files/x', MIB + 1, 413],
  ['/api/session', MIB + 1, 413],
])('JSON to %s of %i bytes: %i', async (path, bytes, status) => {
  const { ask, origin } = await startServer();
  const headers = { origin, 'content-type': 'application/json' };
  const answer = await ask(path, { method: 'POST', headers, body: Buffer.alloc(bytes) });
  expect(answer.status).toBe(status);
  if (status === 413) expect(answer.json().error.message).toMatch(path.includes('turns') ? /7 MiB together/ : /too large to send/);
});

test('the description shows files in JSON and in forms, for both routes', () => {
  const operations = [
    { routePattern: '/api/projects', method: 'POST', definition: projectsRoute.POST.definition },
    { routePattern: '/api/projects/[id]/turns', method: 'POST', definition: turnsRoute.POST.definition },
  ];
  const { paths } = openApiDocument(operations, '0') as { paths: Record<string, { post: { requestBody: { content: object } } }> };
  for (const path of ['/api/projects', '/api/projects/{id}/turns']) {
    const { content } = paths[path]!.post.requestBody;
    expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data']);
    expect(JSON.stringify(content)).toMatch(/"attachments":\{.*At most 10 files of any type, 7 MiB together/);
    expect(JSON.stringify(content)).toContain('"required":["name","content"]');
  }
});
