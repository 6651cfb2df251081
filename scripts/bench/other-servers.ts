import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProxy } from '../test-tools.ts';
import { findFreePort } from '../../src/server/runtime/port.ts';

/** A server of static files on loopback. */
export interface Server {
  name: string;
  port: number;
  host: string;
}

export interface OtherServer {
  server: Server;
  stop(): Promise<void>;
}

const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

/** sirv-cli, and nginx where it is installed, each on a copy of a release, the compressed copies where both look for them. */
export async function startOthers(release: string): Promise<OtherServer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'doce-bench-static-'));
  const site = join(folder, 'site');
  cpSync(join(release, 'site'), site, { recursive: true });
  for (const [from, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!existsSync(join(release, from))) continue;
    for (const path of globSync('**/*.*', { cwd: join(release, from) })) cpSync(join(release, from, path), join(site, path + suffix));
  }
  const started = [await startSirv(site), ...(findProxy('nginx') ? [await startNginx(folder)] : [])];
  const [first, ...rest] = started;
  const removeFolder = async () => {
    await first!.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return [...rest, { server: first!.server, stop: removeFolder }].toReversed();
}

async function startSirv(site: string): Promise<OtherServer> {
  const port = await findFreePort(null);
  const bin = join(import.meta.dirname, '../../node_modules/sirv-cli/bin.js');
  const args = [bin, site, '--host', '127.0.0.1', '--port', String(port), '--quiet', '--no-clear', '--gzip', '--brotli', '--etag'];
  return start('sirv-cli', port, process.execPath, args, { NODE_ENV: 'production' });
}

/** One worker, as the others have one process; what a person would set for static files, and Debian's brotli module where it is. */
async function startNginx(folder: string): Promise<OtherServer> {
  const port = await findFreePort(null);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const brotli = existsSync(BROTLI);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
${brotli ? `load_module ${BROTLI};` : ''}
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000; open_file_cache max=1000 inactive=60s;
  gzip_static on; gzip_vary on; ${brotli ? 'brotli_static on;' : ''} ${temporary}
  server {
    listen 127.0.0.1:${port};
    root ${folder}/site;
    location /_astro/ { add_header Cache-Control "public, max-age=31536000, immutable"; add_header X-Content-Type-Options nosniff; }
    location / { add_header Cache-Control "public, max-age=0, must-revalidate"; add_header X-Content-Type-Options nosniff; }
  }
}
`,
  );
  const name = brotli ? 'nginx' : 'nginx (gzip only)';
  return start(name, port, findProxy('nginx')!, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {});
}

async function start(
  name: string,
  port: number,
  file: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<OtherServer> {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env.PATH ?? '', ...environment } });
  const exited = once(child, 'exit');
  while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${name} did not start.`);
    await delay(50);
  }
  return {
    server: { name, port, host: `127.0.0.1:${port}` },
    async stop() {
      child.kill();
      await exited;
    },
  };
}
