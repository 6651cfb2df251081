import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { findProxy } from '../../../scripts/test-tools.ts';

const deploy = join(import.meta.dirname, '../../../deploy');

/** Ports of a proxy, and the app behind it. */
export interface Ports {
  http: number;
  https: number;
  app: number;
}

export interface Proxy {
  /** Of the authority that its certificates come from. */
  ca: string;
  /** Everything it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** Caddy with `deploy/Caddyfile` as it is, its own authority instead of Let's Encrypt, on ports that need no root. */
export async function startCaddy(appHost: string, ports: Ports): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'doce-caddy-'));
  const options = ['admin off', 'local_certs', 'skip_install_trust', `http_port ${ports.http}`, `https_port ${ports.https}`].join('\n');
  const environment = {
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    DOCE_HOST: appHost,
    DOCE_PORT: String(ports.app),
    DOCE_CADDY_OPTIONS: options,
  };
  const args = ['run', '--config', join(deploy, 'Caddyfile'), '--adapter', 'caddyfile'];
  const caddy = run(findProxy('caddy')!, args, folder, environment);
  const root = join(folder, 'caddy/pki/authorities/local/root.crt');
  await vi.waitUntil(async () => caddy.ended() || (existsSync(root) && (await isOpen(ports.https))), { timeout: 20_000, interval: 100 });
  if (caddy.ended()) throw new Error(`Caddy did not start:\n${caddy.output()}`);
  return { ...caddy, ca: readFileSync(root, 'utf8') };
}

/** nginx with `deploy/nginx.conf`, its domain, ports and certificate put in the place of those that the file names. */
export async function startNginx(domain: string, ports: Ports): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'doce-nginx-'));
  const [certificate, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  makeCertificate([domain, `*.${domain}`, `*.preview.${domain}`], certificate, key);
  const site = readFileSync(join(deploy, 'nginx.conf'), 'utf8')
    .replace(/^.*\[::\].*\n/gm, '')
    .replaceAll('.example.com;', `.${domain};`)
    .replaceAll('/etc/letsencrypt/live/example.com', folder)
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.https} `)
    .replace('127.0.0.1:4321', `127.0.0.1:${ports.app}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
  const main = `daemon off;\npid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}\n}\n`;
  writeFileSync(join(folder, 'main.conf'), main);
  const nginx = run(findProxy('nginx')!, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'main.conf')], folder, {});
  await vi.waitUntil(async () => nginx.ended() || (await isOpen(ports.https)), { timeout: 10_000, interval: 50 });
  if (nginx.ended()) throw new Error(`nginx did not start:\n${nginx.output()}`);
  return { ...nginx, ca: readFileSync(certificate, 'utf8') };
}

function run(file: string, args: readonly string[], folder: string, environment: Record<string, string>) {
  const child = spawn(file, args, { env: { PATH: process.env.PATH ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    output: () => output,
    ended: () => child.exitCode !== null,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificate(names: readonly string[], certificate: string, key: string): void {
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=doce'];
  const { status, stderr } = spawnSync('openssl', [...args, '-addext', alternatives, '-keyout', key, '-out', certificate]);
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr.toString()}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
