import { admin, SETUP_TOKEN } from './app.ts';
import type { App } from './app.ts';

// The tests read JSON as a program without our types would.
/* eslint-disable @typescript-eslint/no-explicit-any */

interface Answer {
  status: number;
  headers: Headers;
  body: any;
}

/** A program that uses the API: keeps its cookie and sends the app's own origin. */
export function makeApi(app: App) {
  let cookie = '';
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers: Record<string, string> = { origin: app.origin, accept: 'application/json' };
    if (cookie) headers.cookie = cookie;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(app.origin + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const set = response.headers.get('set-cookie');
    if (set) cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }
  return {
    call,
    setup: () => call('POST', '/api/setup', { token: SETUP_TOKEN, ...admin }),
    login: (credentials = admin) => call('POST', '/api/session', credentials),
    cookie: () => cookie,
    async project(id: string) {
      return (await call('GET', `/api/projects/${id}`)).body.project;
    },
    async turns(id: string): Promise<any[]> {
      return (await call('GET', `/api/projects/${id}/turns`)).body.turns;
    },
  };
}
export type Api = ReturnType<typeof makeApi>;

/** The page of a preview, asked for as a browser would. */
export async function fetchPreview(app: App, project: { previewUrl: string }, path = '/'): Promise<{ status: number; text: string }> {
  const { host } = new URL(project.previewUrl);
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const req = request({
      host: '127.0.0.1',
      port: app.port,
      path,
      headers: { host, accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    });
    req.on('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
    });
    req.on('error', reject);
    req.end();
  });
}
