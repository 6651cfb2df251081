import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cloneGit } from '#server/import/clone-git.ts';
import { parseGitUrl, repositoryName } from '#server/import/git-address.ts';
import { importLimits } from '#server/import/import-limits.ts';
import { isPublicAddress } from '#server/import/public-address.ts';
import { makePlainSpawn } from '../support/plain-spawn.ts';
import { endlessPack, GIT_HOST, startGitServer } from './git-server.ts';

const slow = { timeout: 60_000 };
const site = [
  { path: 'package.json', content: '{"dependencies":{"astro":"7"}}' },
  { path: 'src/pages/index.astro', content: '<h1>Hello</h1>\n' },
];

/** Loopback stands for the public internet; everything else is as it is. */
function setup(
  server: { url: string; caFile?: string },
  options: { limits?: Partial<typeof importLimits>; addresses?: string[]; isAllowed?: (address: string) => boolean } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'doce-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [intoFolder, workFolder] = [join(folder, 'files'), join(folder, 'work')];
  mkdirSync(intoFolder);
  mkdirSync(workFolder);
  const spawn = makePlainSpawn();
  const lookups: string[] = [];
  const stop = new AbortController();
  const clone = (url = server.url) =>
    cloneGit({
      ...{ url, intoFolder, workFolder, projectId: 'p1', spawnChild: spawn.spawnChild, signal: stop.signal },
      limits: { ...importLimits, ...options.limits },
      edge: {
        ...(server.caFile ? { caFile: server.caFile } : {}),
        isAllowed: options.isAllowed ?? ((address) => address === '127.0.0.1'),
        lookup: async (host) => {
          lookups.push(host);
          return options.addresses ?? ['127.0.0.1'];
        },
      },
    });
  const written = () => readdirSync(intoFolder, { recursive: true, encoding: 'utf8' }).sort();
  return { clone, spawn, written, lookups, stop, intoFolder, workFolder, folder };
}

test('the latest files of a repository arrive, without its history', slow, async () => {
  const binary = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 256));
  const server = await startGitServer([
    ...site,
    { path: 'bin/run', content: '#!/bin/sh\n', executable: true },
    { path: 'public/photo.bin', content: binary },
    { path: 'public/again.bin', content: binary },
    { path: 'empty.txt', content: '' },
  ]);
  const { clone, written, intoFolder, lookups, spawn } = setup(server);
  expect(await clone()).toEqual([]);
  expect(written()).toEqual([
    ...['bin', 'bin/run', 'empty.txt', 'package.json', 'public', 'public/again.bin', 'public/photo.bin'],
    ...['src', 'src/pages', 'src/pages/index.astro'],
  ]);
  expect(readFileSync(join(intoFolder, 'public/photo.bin')).equals(binary)).toBe(true);
  expect(readFileSync(join(intoFolder, 'public/again.bin')).equals(binary)).toBe(true);
  expect(statSync(join(intoFolder, 'bin/run')).mode & 0o111).toBe(0o111);
  // Resolved once, by us; git is given the address.
  expect(lookups).toEqual([GIT_HOST]);
  const [fetch] = spawn.requests;
  expect(fetch!.args).toEqual(
    expect.arrayContaining([`http.curloptResolve=${GIT_HOST}:${server.port}:127.0.0.1`, 'protocol.allow=never', '--depth=1']),
  );
  expect(fetch!.env).toMatchObject({
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ALLOW_PROTOCOL: 'https',
  });
  expect(spawn.requests.every(({ kind, cwd, writable }) => kind === 'import' && writable.every((path) => path === cwd))).toBe(true);
});

test('links, submodules, attributes, filters and hooks have nothing to act on', slow, async () => {
  const server = await startGitServer([
    ...site,
    { path: 'passwd', link: '/etc/passwd' },
    { path: 'up', link: '../../..' },
    { path: 'theme', submodule: 'a'.repeat(40) },
    { path: '.gitmodules', content: '[submodule "theme"]\n\tpath = theme\n\turl = file:///etc\n' },
    { path: '.gitattributes', content: '*.bin filter=lfs\n*.txt ident eol=crlf export-subst\nsrc export-ignore\n' },
    { path: 'big.bin', content: 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n' },
    { path: 'a.txt', content: '$Id$ $Format:%H$\nline\n' },
    { path: '.env', content: 'SECRET=1' },
  ]);
  const { clone, written, intoFolder } = setup(server);
  expect((await clone()).sort()).toEqual(['.env', 'passwd', 'theme', 'up']);
  expect(written()).toEqual([
    '.gitattributes',
    '.gitmodules',
    'a.txt',
    'big.bin',
    'package.json',
    'src',
    'src/pages',
    'src/pages/index.astro',
  ]);
  expect(readFileSync(join(intoFolder, 'a.txt'), 'utf8')).toBe('$Id$ $Format:%H$\nline\n');
  expect(server.asked.every((line) => line.includes('/site.git/'))).toBe(true);
});

test('a redirect is followed with the same care', slow, async () => {
  const server = await startGitServer(site, (req, res) => {
    if (!req.url?.startsWith('/old/')) return false;
    res.writeHead(301, { location: req.url.replace('/old/', '/') }).end();
    return true;
  });
  const { clone, written, lookups } = setup(server);
  await clone(server.url.replace('/site.git', '/old/site.git'));
  expect(written()).toContain('package.json');
  expect(lookups).toEqual([GIT_HOST, GIT_HOST]);
});

test.each<[string, (own: string) => string, string]>([
  ['to a private address', () => 'https://10.0.0.1/site.git/info/refs?service=git-upload-pack', 'import_git_private'],
  ['to the metadata service', () => 'https://169.254.169.254/latest/info/refs?service=git-upload-pack', 'import_git_private'],
  ['to a decimal loopback', () => 'https://2130706434/site.git/info/refs?service=git-upload-pack', 'import_git_private'],
  ['to plain http', (own) => own.replace('https:', 'http:'), 'import_git_address'],
  ['to a file', () => 'file:///etc/info/refs?service=git-upload-pack', 'import_git_address'],
  ['with credentials', (own) => own.replace('https://', 'https://ada:secret@'), 'import_git_credentials'],
  ['to something that is no repository', (own) => own.replace(/\/info.*/, '/login'), 'import_git_not_found'],
  ['round and round', (own) => own, 'import_git_not_found'],
])('a redirect %s is refused', slow, async (_where, target, code) => {
  const server = await startGitServer(site, (req, res) => {
    res.writeHead(302, { location: target(`https://${req.headers.host}${req.url}`) }).end();
    return true;
  });
  const { clone, spawn } = setup(server);
  await expect(clone()).rejects.toMatchObject({ code });
  expect(spawn.requests).toEqual([]);
});

test('a redirect that only git is given is not followed', slow, async () => {
  let askedByGit = 0;
  const server = await startGitServer(site, (req, res) => {
    if (!/^git\/\d/.test(req.headers['user-agent'] ?? '')) return false;
    askedByGit += 1;
    res.writeHead(302, { location: `https://elsewhere.example.test:${req.socket.localPort}${req.url}` }).end();
    return true;
  });
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_git_failed' });
  expect(askedByGit).toBe(1);
  expect(server.asked.filter((line) => line.includes('elsewhere'))).toEqual([]);
});

test.each([
  ['all private', ['10.1.2.3'], 'import_git_private'],
  ['private among public', ['93.184.216.34', '192.168.1.1'], 'import_git_private'],
  ['loopback', ['127.0.0.1'], 'import_git_private'],
  ['loopback in IPv6', ['::1'], 'import_git_private'],
  ['loopback as IPv6', ['::ffff:127.0.0.1'], 'import_git_private'],
  ['none', [], 'import_git_host'],
])('a host whose addresses are %s is refused before anything connects', async (_what, addresses, code) => {
  const server = await startGitServer(site);
  const { clone, spawn } = setup(server, { addresses, isAllowed: isPublicAddress });
  await expect(clone()).rejects.toMatchObject({ code });
  expect(server.asked).toEqual([]);
  expect(spawn.requests).toEqual([]);
});

test.each([401, 403, 404, 410])('an answer of %i says that it is not public', slow, async (status) => {
  const server = await startGitServer(site, (_req, res) => {
    res.writeHead(status, { 'www-authenticate': 'Basic realm="git"' }).end();
    return true;
  });
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_git_not_found' });
});

test('a page is no repository, and a broken server is said to be one', slow, async () => {
  let status = 200;
  const server = await startGitServer(site, (_req, res) => {
    res.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Hello</h1>');
    return true;
  });
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_git_not_found' });
  status = 500;
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_git_unreachable' });
});

test('a certificate that nobody vouches for is refused', slow, async () => {
  const server = await startGitServer(site);
  await expect(setup({ url: server.url }).clone()).rejects.toMatchObject({ code: 'import_git_unreachable' });
});

test('an empty repository is said to be empty', slow, async () => {
  const server = await startGitServer([]);
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_empty' });
});

test('a repository with too many files is refused from its listing', slow, async () => {
  const server = await startGitServer([...site, ...Array.from({ length: 20 }, (_, n) => ({ path: `f/${n}`, content: `${n}` }))]);
  const { clone, written } = setup(server, { limits: { files: 20 } });
  await expect(clone()).rejects.toMatchObject({ code: 'import_too_many_files' });
  expect(written()).toEqual([]);
});

test('a repository whose files are too large is refused from its listing', slow, async () => {
  const server = await startGitServer([...site, { path: 'zeros', content: Buffer.alloc(3_000_000) }]);
  const { clone, written } = setup(server, { limits: { bytes: 1_000_000 } });
  await expect(clone()).rejects.toMatchObject({ code: 'import_too_large' });
  expect(written()).toEqual([]);
});

test('a pack that never ends is cut off at the limit', slow, async () => {
  let isCut = false;
  const server = await startGitServer(
    site,
    endlessPack(() => (isCut = true)),
  );
  const { clone, spawn, written } = setup(server, { limits: { bytes: 500_000 } });
  await expect(clone()).rejects.toMatchObject({ code: 'import_too_large' });
  expect((await spawn.children[0]!.exited).signal).toBe('SIGKILL');
  await vi.waitFor(() => expect(isCut).toBe(true));
  expect(written()).toEqual([]);
});

test('a server that goes silent is given up after the time limit, and git with it', slow, async () => {
  const server = await startGitServer(site, (req) => req.method === 'POST');
  const { clone, spawn } = setup(server, { limits: { gitMs: 3_000 } });
  await expect(clone()).rejects.toMatchObject({ code: 'import_git_slow' });
  expect((await spawn.children[0]!.exited).signal).toBe('SIGKILL');
});

test('an abort ends git', slow, async () => {
  const posted = Promise.withResolvers<void>();
  const server = await startGitServer(site, (req) => {
    if (req.method === 'POST') posted.resolve();
    return req.method === 'POST';
  });
  const { clone, spawn, stop } = setup(server);
  const cloning = clone();
  await posted.promise;
  stop.abort(new Error('stopped'));
  await expect(cloning).rejects.toThrow('stopped');
  expect((await spawn.children[0]!.exited).signal).toBe('SIGKILL');
});

test.each<[string, string]>([
  ['http://example.com/a.git', 'import_git_address'],
  ['git://example.com/a.git', 'import_git_address'],
  ['ssh://git@example.com/a.git', 'import_git_address'],
  ['git@example.com:a/b.git', 'import_git_address'],
  ['file:///etc', 'import_git_address'],
  ['ext::sh -c id', 'import_git_address'],
  ['-u/etc', 'import_git_address'],
  ['--upload-pack=touch /tmp/x', 'import_git_address'],
  ['https://example.com', 'import_git_address'],
  ['https://example.com//a', 'import_git_address'],
  ['https://example.com/a?x=1', 'import_git_address'],
  ['https://example.com/a#x', 'import_git_address'],
  [`https://example.com/${'a'.repeat(1_000)}`, 'import_git_address'],
  ['', 'import_git_address'],
  ['https://ada:secret@example.com/a.git', 'import_git_credentials'],
  ['https://token@example.com/a.git', 'import_git_credentials'],
])('%j is no address to import from', (text, code) => {
  expect(() => parseGitUrl(text)).toThrow(expect.objectContaining({ code }));
});

test('an address keeps what names the repository', () => {
  expect(parseGitUrl(' https://Example.com/ada/My%20Site.git/ ').href).toBe('https://example.com/ada/My%20Site.git');
  expect(repositoryName(parseGitUrl('https://example.com/ada/My%20Site.git'))).toBe('My Site');
  expect(repositoryName(parseGitUrl('https://example.com/ada/site'))).toBe('site');
});

test.each([
  ...['0.0.0.0', '10.255.0.1', '100.64.0.1', '127.8.8.8', '169.254.169.254', '172.31.0.1', '192.0.0.8', '192.168.0.1', '198.18.0.1'],
  ...['203.0.113.9', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '100::1'],
  ...[
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fe80::1%eth0',
    'localhost',
    '',
  ],
])('%j is not on the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['1.1.1.1', '8.8.8.8', '140.82.121.3', '172.32.0.1', '2606:50c0:8000::153', '2a00:1450:4001::1'])('%s is', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test('nothing on plain http is asked, whatever it would answer', async () => {
  let asked = 0;
  const plain = createServer((_req, res) => void (asked++, res.end())).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  onTestFinished(() => void plain.close());
  const { port } = plain.address() as AddressInfo;
  const server = { url: `https://${GIT_HOST}:${port}/site.git`, caFile: join(import.meta.dirname, 'tls-cert.pem') };
  await expect(setup(server).clone()).rejects.toMatchObject({ code: 'import_git_unreachable' });
  await expect(setup(server).clone(server.url.replace('https', 'http'))).rejects.toMatchObject({ code: 'import_git_address' });
  expect(asked).toBe(0);
});
