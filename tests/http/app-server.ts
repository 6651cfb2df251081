import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIContext, MiddlewareHandler } from 'astro';
import { createRequest, writeResponse } from 'astro/app/node';
import { onTestFinished } from 'vitest';
import { createAuth } from '#server/auth/auth.ts';
import type { AuthOptions } from '#server/auth/auth.ts';
import type { RequestEdge } from '#server/http/request-edge.ts';
import { createLog } from '#server/log.ts';
import type { Log } from '#server/log.ts';
import { onRequest } from '../../src/middleware.ts';
import * as health from '../../src/pages/api/health.ts';
import * as session from '../../src/pages/api/session.ts';
import * as setupRoute from '../../src/pages/api/setup.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';
import { startServer } from './support.ts';
import type { Answer, Ask, Overrides } from './support.ts';

type RouteModule = Record<string, unknown>;
type RouteHandler = (context: APIContext) => Response | Promise<Response>;

export const SETUP_TOKEN = 'a-setup-token-for-tests';
export const ADMIN = { username: 'ana', password: 'correct horse battery' };

/** The setup page asks whether it is needed, as the real one does. */
const setupPage = {
  GET: ({ locals }: APIContext) =>
    new Response(locals.services.auth.needsSetup() ? 'page /setup' : 'nothing', { headers: { 'content-type': 'text/html' } }),
};

/** A page that shows what its visitor may see. */
const page = { GET: (context: APIContext) => new Response(`page ${context.routePattern}`, { headers: { 'content-type': 'text/html' } }) };

const routes: Record<string, RouteModule> = {
  '/': page,
  '/login': page,
  '/setup': setupPage,
  '/projects/[slug]': page,
  '/api/health': health,
  '/api/session': session,
  '/api/setup': setupRoute,
};

export interface AppOverrides extends Overrides {
  auth?: Partial<AuthOptions>;
  routes?: Record<string, RouteModule>;
  log?: Log;
  /** Besides those that every route needs. */
  services?: object;
}

/** Our server, middleware and routes on a real database; only Astro's router is replaced, by the few lines below. */
export async function startApp(overrides: AppOverrides = {}) {
  const { db, sqlite } = makeDatabase();
  const clock = makeClock();
  const log = overrides.log ?? createLog('silent');
  const secureCookies = overrides.config?.publicUrl?.startsWith('https:') ?? false;
  const auth = createAuth({ db, clock, log, secureCookies, setupToken: SETUP_TOKEN, ...overrides.auth });
  const services = { auth, db, clock, log, ...overrides.services };
  const server = await startServer({
    ...overrides,
    clock,
    log,
    locals: (edge: RequestEdge) => ({ services, session: null, requestId: edge.requestId }),
    handler: (req, res, next, locals) => route({ ...routes, ...overrides.routes }, req, res, next, locals),
  });
  onTestFinished(() => {
    auth.stop();
    if (sqlite.open) sqlite.close();
  });
  return { ...server, auth, db, sqlite, clock, ...browserOf(server) };
}

async function route(table: Record<string, RouteModule>, req: IncomingMessage, res: ServerResponse, next: () => void, locals: object) {
  const request = createRequest(req, { allowedDomains: [{}] });
  const url = new URL(request.url);
  const found = Object.entries(table).find(([pattern]) => new RegExp(`^${pattern.replace(/\[\w+\]/g, '([^/]+)')}$`).test(url.pathname));
  if (!found) return next();
  const [routePattern, module] = found;
  const context = { request, url, params: {}, locals, routePattern, isPrerendered: false } as unknown as APIContext;
  const handler = module[request.method] as RouteHandler | undefined;
  const answer = async () => (handler ? await handler(context) : new Response(null, { status: 404 }));
  await writeResponse((await (onRequest as MiddlewareHandler)(context, answer)) as Response, res);
}

/** A client that keeps cookies, in the three ways a request is made. */
function browserOf({ ask, origin }: { ask: (path: string, options?: Ask) => Promise<Answer>; origin: string }) {
  const jar = new Map<string, string>();

  async function send(path: string, options: Ask): Promise<Answer> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(path, { ...options, headers: { ...(cookie ? { cookie } : {}), ...options.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  const pageHeaders = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-dest': 'document' };
  return {
    jar,
    /** A navigation. */
    visit: (path: string) => send(path, { headers: pageHeaders }),
    /** A form without JavaScript. */
    submit: (path: string, fields: Record<string, string>) =>
      send(path, {
        method: 'POST',
        headers: { ...pageHeaders, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null' },
        body: new URLSearchParams(fields).toString(),
      }),
    /** A program, or our own scripts. */
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(path, {
        method,
        headers: { origin, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
}
