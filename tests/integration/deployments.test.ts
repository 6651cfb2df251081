import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import type { BuildError } from '#server/releases/build-failure.ts';
import { createReleases } from '#server/releases/releases.ts';
import type { Releases } from '#server/releases/releases.ts';
import type { Release } from '#server/releases/release.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import { warmStore } from '#server/runtime/store.ts';

const templatesDir = join(import.meta.dirname, '../../templates');
// Kept between runs: fetching the packages again would prove nothing.
const storeDir = join(tmpdir(), 'doce-test-store');
const log = createLog('silent');
const dataDir = mkdtempSync(join(tmpdir(), 'doce-deploy-test-'));
const projectDir = join(dataDir, 'projects', 'p1');
let runtime: Runtime;
let releases: Releases;

beforeAll(async () => {
  mkdirSync(projectDir, { recursive: true });
  expect((await warmStore({ storeDir, templatesDir, template: 'starter', log })).state).not.toBe('cold');
  runtime = createRuntime({ dataDir, templatesDir, storeDir, log, sandbox: 'auto' });
  releases = make();
}, 300_000);
afterAll(async () => {
  await runtime.stopAll();
  rmSync(dataDir, { recursive: true, force: true });
});

const make = (limits: Parameters<typeof createReleases>[0]['limits'] = {}) =>
  createReleases({ spawnChild: runtime.spawnChild, install: runtime.installPackages, storeDir: runtime.storeDir, log, limits });

type Change = (edit: { write(path: string, content: string): void; read(path: string): string }) => void;

async function build(change: Change, options: { engine?: Releases; signal?: AbortSignal; lines?: string[] } = {}): Promise<Release> {
  return (options.engine ?? releases).build({
    projectId: 'p1',
    projectDir,
    async checkout(folder) {
      cpSync(join(templatesDir, 'starter'), folder, { recursive: true });
      change({
        write: (path, content) => writeFileSync(join(folder, path), content),
        read: (path) => readFileSync(join(folder, path), 'utf8'),
      });
    },
    signal: options.signal ?? new AbortController().signal,
    onLog: (line) => void options.lines?.push(line),
  });
}

const failing = async (change: Change, engine?: Releases): Promise<BuildError> =>
  build(change, engine ? { engine } : {}).then(
    () => expect.fail('The build should have failed.'),
    (error: unknown) => error as BuildError,
  );
const PAGE = 'src/pages/index.astro';

test('the starter is built from a clean checkout, twice to the same release, and leaves no folder behind', async () => {
  const lines: string[] = [];
  const first = await build(() => {}, { lines });
  const second = await build(() => {});
  expect(second.hash).toBe(first.hash);
  expect([...first.files.keys()]).toEqual(expect.arrayContaining(['index.html', 'favicon.svg']));
  expect(lines).toEqual(expect.arrayContaining(['Building the pages', expect.stringContaining('1 page(s) built')]));
  expect(lines.join('\n')).not.toContain(dataDir);
  expect(() => readFileSync(join(projectDir, 'build', 'site', 'package.json'))).toThrow('ENOENT');
  expect(await releases.check({ release: first, secrets: ['sk-or-v1-not-in-there'], signal: new AbortController().signal })).toEqual([]);
});

test('a syntax error is named by file and line', async () => {
  const error = await failing(({ write }) => write(PAGE, '---\nconst a = {;\n---\n<h1>Bread</h1>\n'));
  expect(error.code).toBe('build_failed');
  expect(error.message).toContain('Unexpected token');
  expect(error.message).toContain('src/pages/index.astro:2:');
  expect(error.message).not.toContain('node_modules');
});

test('an error while a page is made is named', async () => {
  const error = await failing(({ write }) => write(PAGE, '---\nconst bread = undefined;\n---\n<h1>{bread.name}</h1>\n'));
  expect(error).toMatchObject({ code: 'build_failed', message: expect.stringContaining("reading 'name'") as string });
});

test('a package that is not installed is named', async () => {
  const imported = await failing(({ write }) => write(PAGE, '---\nimport pad from "left-pad";\n---\n<h1>{pad}</h1>\n'));
  expect(imported).toMatchObject({
    code: 'dependency_missing',
    message: expect.stringContaining('"left-pad" from "src/pages/index.astro"') as string,
  });
  const declared = await failing(({ read, write }) =>
    write('package.json', read('package.json').replace('"dependencies": {', '"dependencies": { "left-pad": "99.0.0",')),
  );
  expect(declared).toMatchObject({ code: 'dependency_missing', message: expect.stringContaining('left-pad@99.0.0') as string });
});

test('an endless loop is ended, and nothing of it lives on', async () => {
  const engine = make({ timeoutMs: 8_000 });
  const error = await failing(({ write }) => write(PAGE, '---\nwhile (true);\n---\n<h1>Bread</h1>\n'), engine);
  expect(error.code).toBe('build_timed_out');
});

test('a build that takes all memory is ended', async () => {
  const engine = make({ memoryMb: 192 });
  const hungry = '---\nconst all = [];\nwhile (true) all.push(new Array(1000).fill(Math.random()));\n---\n<h1>Bread</h1>\n';
  const error = await failing(({ write }) => write(PAGE, hungry), engine);
  expect(error.code).toBe('build_out_of_memory');
  expect(error.message.split('\n')).toHaveLength(1);
});

test('a cancelled build is gone at once, with its folder', async () => {
  const cancel = new AbortController();
  const lines: string[] = [];
  const building = build(({ write }) => write(PAGE, '---\nwhile (true);\n---\n<h1>Bread</h1>\n'), { signal: cancel.signal, lines });
  await expect.poll(() => lines.join('\n'), { timeout: 30_000 }).toContain('generating static routes');
  cancel.abort(new Error('cancelled by the test'));
  await expect(building).rejects.toThrow('cancelled by the test');
  expect(() => readFileSync(join(projectDir, 'build', 'site', 'package.json'))).toThrow('ENOENT');
});

test('a leaked key and a link that leads nowhere are found before anyone sees them', async () => {
  const key = 'sk-or-v1-0123456789abcdef';
  const page = `---\n---\n<html lang="en"><head><title>Bread</title></head><body><a href="/menu">Menu</a><p>${key}</p></body></html>\n`;
  const release = await build(({ write }) => write(PAGE, page));
  const findings = await releases.check({ release, secrets: [key], signal: new AbortController().signal });
  expect(findings.map(({ kind, file, line }) => `${kind} ${file}:${line}`)).toEqual(['secret index.html:1', 'link index.html:1']);
  expect(JSON.stringify(findings)).not.toContain(key);
});

test('a hundred switches under constant load: no request fails, no page is mixed, no asset is missing', async () => {
  const site = (name: string) => async () =>
    build(({ write }) => {
      const rules = Array.from({ length: 400 }, (_, index) => `.${name}-${index} { width: ${index}px }`);
      write('src/style.css', `body { --release: ${name} }\n${rules.join('\n')}`);
      const style = '---\nimport "../style.css";\n---\n';
      const page = (mark: string) =>
        `${style}<html lang="en"><head><title>${name}</title></head><body><p>${mark} ${name} begins</p>${'<p>bread</p>'.repeat(1_500)}<p>${mark} ${name} ends</p></body></html>\n`;
      write(PAGE, page('index'));
      write('src/pages/about.astro', page('about'));
    });
  const all = [await site('north')(), await site('south')(), await site('west')()];
  let live = all[0]!;
  const server = createServer((req, res) => {
    const earlier = all.filter((release) => release !== live);
    if (!releases.serve(req, res, { live, earlier })) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const get = (path: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, agent }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        res.once('end', () => resolve({ status: res.statusCode ?? 0, text }));
        res.once('error', reject);
      });
      sent.once('error', reject);
      sent.end();
    });
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  let switching = true;
  const visitor = async () => {
    while (switching) {
      const page = await get(Math.random() < 0.5 ? '/' : '/about');
      const names = [...page.text.matchAll(/<p>(?:index|about) (\w+) (?:begins|ends)/g)].map((match) => match[1]!);
      const [stylesheet] = /\/_astro\/[^"]+\.css/.exec(page.text) ?? [];
      const style = stylesheet ? await get(stylesheet) : { status: 0, text: '' };
      const fingerprints = new Set([...names, /--release: ?(\w+)/.exec(style.text)?.[1]]);
      if (page.status !== 200 || style.status !== 200 || names.length !== 2 || fingerprints.size !== 1) {
        wrong.push(`${page.status} ${style.status} ${[...fingerprints].join('+')}`);
      }
      seen.set(names[0]!, (seen.get(names[0]!) ?? 0) + 1);
    }
  };
  const visitors = Array.from({ length: 8 }, visitor);
  for (let count = 1; count <= 100; count += 1) {
    live = all[count % all.length]!;
    await get('/');
    await get('/about');
  }
  switching = false;
  await Promise.all(visitors);
  agent.destroy();
  server.closeAllConnections();
  server.close();
  expect(wrong).toEqual([]);
  expect([...seen.keys()].sort()).toEqual(['north', 'south', 'west']);
  await expect.poll(() => all.map(({ users }) => users)).toEqual([0, 0, 0]);
});
