import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Published {
  name: string;
  version: string;
  tarball: Buffer;
  manifest: Record<string, unknown>;
}

/** A registry on loopback with the packages it is given; `isDown` makes it hang up, `endless` is a path it never answers. */
export async function startRegistry() {
  const packages: Published[] = [];
  const state = { isDown: false, asked: [] as string[], endless: '' };
  const server = createServer((req, res) => {
    const path = decodeURIComponent(req.url ?? '/');
    state.asked.push(path);
    if (state.isDown) return void req.socket.destroy();
    if (path === state.endless) return;
    const tarball = packages.find(({ name, version }) => path === `/${name}/-/${version}.tgz`);
    if (tarball) return void res.end(tarball.tarball);
    const versions = packages.filter(({ name }) => path === `/${name}`);
    if (versions.length === 0) return void res.writeHead(404).end('{}');
    res.setHeader('content-type', 'application/json').end(JSON.stringify(describe(versions, origin())));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    state,
    origin,
    publish(name: string, version: string, more: Record<string, unknown> = {}, files: Record<string, string | Buffer> = {}) {
      const manifest = { name, version, ...more };
      packages.push({ name, version, manifest, tarball: pack({ 'package.json': JSON.stringify(manifest), 'index.js': '', ...files }) });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function describe(versions: Published[], origin: string) {
  const entries = versions.map(({ name, version, tarball, manifest }) => [
    version,
    {
      ...manifest,
      dist: {
        tarball: `${origin}/${name}/-/${version}.tgz`,
        integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      },
    },
  ]);
  const time = Object.fromEntries(versions.map(({ version }) => [version, '2020-01-01T00:00:00.000Z']));
  return {
    name: versions[0]!.name,
    'dist-tags': { latest: versions.at(-1)!.version },
    versions: Object.fromEntries(entries),
    time: { created: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z', ...time },
  };
}

function pack(files: Record<string, string | Buffer>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'doce-registry-'));
  try {
    mkdirSync(join(folder, 'package'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'package', name), content);
    spawnSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
    return readFileSync(join(folder, 'package.tgz'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
