import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Release } from '#server/releases/release.ts';
import { createReleaseServer } from '#server/releases/serve.ts';
import { createReleaseStore } from '#server/releases/store.ts';
import type { OutputLimits } from '#server/releases/store-files.ts';

export type Files = Record<string, string | Buffer>;

/** A project's folder with nothing in it, and a way to make releases there from made-up output. */
export function setupStore(limits?: OutputLimits) {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-releases-test-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  const store = createReleaseStore(limits);
  let count = 0;
  const writeOutput = (files: Files): string => {
    const folder = join(projectDir, `output-${(count += 1)}`);
    mkdirSync(folder);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  };
  const place = (files: Files, signal = new AbortController().signal): Promise<Release> =>
    store.place(projectDir, writeOutput(files), signal);
  return { projectDir, store, place, writeOutput };
}

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Serves whatever `site` says at the moment of each request, on a real socket. */
export async function serveSite(site: () => { live: Release; earlier?: readonly Release[] }) {
  const server = createReleaseServer();
  const http = createServer((req, res) => {
    const { live, earlier = [] } = site();
    if (!server.serve(req, res, { live, earlier })) res.writeHead(404).end('nothing');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return {
    port,
    /** The path goes out as it is: `fetch` would tidy it up. */
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      new Promise<Got>((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.once('end', () => {
            const body = Buffer.concat(chunks);
            resolve({ status: res.statusCode ?? 0, headers: res.headers, body, text: body.toString() });
          });
          res.once('error', reject);
        });
        sent.once('error', reject);
        sent.end();
      }),
  };
}
