import type { APIContext, APIRoute } from 'astro';
import type { z } from 'zod';
import type { SignedIn } from '#server/auth/sessions.ts';
import { AppError } from '#server/errors.ts';
import { jsonError, jsonReply, pageError } from '#server/http/api-answer.ts';
import type { Reply } from '#server/http/api-answer.ts';
import type { EndpointDefinition } from '#server/http/endpoint-definition.ts';
import { errorAnswer } from '#server/http/error-answer.ts';
import { isPageForm, pageOf, redirectAfter, redirectBack, redirectToLogin } from '#server/http/page-form.ts';
import { parseBody, queryFields } from '#server/http/request-body.ts';
import { isUpload } from '#server/http/receive-upload.ts';
import type { RequestEdge } from '#server/http/request-edge.ts';
import type { Services } from '#server/services.ts';

interface Definition extends EndpointDefinition {
  /** False = there is nothing here any more: 404 before anything else is looked at. */
  exists?: (services: Services) => boolean;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: everything parsed, the person known. */
export interface Call<D extends Definition> {
  input: D['upload'] extends true ? Parsed<D['input']> | undefined : Parsed<D['input']>;
  params: Parsed<D['params']>;
  query: Parsed<D['query']>;
  session: D['auth'] extends 'session' ? SignedIn : null;
  services: Services;
  edge: RequestEdge;
  request: Request;
}

export type Endpoint = APIRoute & { readonly definition: Definition };

/**
 * Wraps every API route: authenticates (again: the middleware is not the only lock), parses with zod, calls `handle`, and
 * answers JSON, or redirects a form that a browser posted without JavaScript. Whatever is thrown becomes an error answer;
 * what nobody foresaw is logged with its cause.
 */
export function endpoint<const D extends Definition>(
  definition: D,
  handle: (call: Call<D>) => Reply | Response | Promise<Reply | Response>,
): Endpoint {
  const route: APIRoute = async (context) => {
    const typed = lazily(() => parseBody(context.request));
    try {
      const result = await handle(await prepare(definition, context, typed));
      if (result instanceof Response) return result;
      if (!isPageForm(context.request)) return jsonReply(result, definition.status);
      return redirectAfter(result, await pageFor(definition, context, typed));
    } catch (error) {
      return await refuse(definition, context, typed, error);
    }
  };
  return Object.assign(route, { definition });
}

/** Answers a request that needed a session: a typed form waits behind the login page, a program gets 401. */
export async function refuseSignedOut(context: APIContext, definition?: Definition): Promise<Response> {
  return refuse(
    definition,
    context,
    lazily(() => parseBody(context.request)),
    new AppError('unauthenticated'),
  );
}

async function prepare<D extends Definition>(definition: D, context: APIContext, typed: () => Promise<unknown>): Promise<Call<D>> {
  const { services, edge } = context.locals;
  if (definition.exists && !definition.exists(services)) throw new AppError('not_found');
  const session = definition.auth === 'session' ? services.auth.findSession(context.request.headers.get('cookie')) : null;
  if (definition.auth === 'session' && !session) throw new AppError('unauthenticated');
  const isRead = !(definition.upload && isUpload(context.request.headers));
  const call = {
    params: parsed(definition.params, () => context.params),
    query: parsed(definition.query, () => queryFields(context.url)),
    input: definition.input && isRead ? parsed(definition.input, await asValue(typed())) : undefined,
    session,
    services,
    edge,
    request: context.request,
  };
  return call as Call<D>;
}

const asValue = async (value: Promise<unknown>) => {
  const settled = await value;
  return () => settled;
};

function parsed(schema: z.ZodType | undefined, read: () => unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(read());
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new AppError('invalid_input', { issues });
}

async function refuse(
  definition: Definition | undefined,
  context: APIContext,
  typed: () => Promise<unknown>,
  error: unknown,
): Promise<Response> {
  const { services, edge } = context.locals;
  const { unforeseen, code } = errorAnswer(error);
  if (unforeseen) {
    const { method } = context.request;
    services.log.error({ error, requestId: edge.requestId, method, route: context.routePattern }, 'a request failed');
  }
  if (!isPageForm(context.request)) return jsonError(error, edge.requestId);
  if (code === 'not_found') return pageError(error, edge.requestId);
  const page = await pageFor(definition, context, typed);
  const fields = await typed().catch(() => undefined);
  return code === 'unauthenticated' ? redirectToLogin(page, fields, edge) : redirectBack(error, page, fields, edge);
}

async function pageFor(definition: Definition | undefined, context: APIContext, typed: () => Promise<unknown>): Promise<string> {
  const stated = pageOf(context.url);
  if (stated !== undefined || !definition?.page) return stated ?? '/';
  const fields = await typed().catch(() => undefined);
  return definition.page((fields ?? {}) as Record<string, unknown>);
}

/** A body can be read once; the form's page may need it after the handler did, or although it was refused. */
function lazily<T>(read: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= read());
}
