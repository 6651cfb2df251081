import type { APIContext, MiddlewareHandler } from 'astro';
import { AppError } from '#server/errors.ts';
import { jsonError, pageError } from '#server/http/api-answer.ts';
import { errorAnswer } from '#server/http/error-answer.ts';
import { isPageForm, loginPath, seeOther } from '#server/http/page-form.ts';
import { isPublicRoute } from '#server/http/public-routes.ts';
import { wantsPage } from '#server/http/refusal.ts';
import { refuseSignedOut } from './pages/api/_endpoint.ts';

/** Denies everything without a session except the short list; decided by the route that will answer, not by the URL. */
export const onRequest: MiddlewareHandler = async (context, next) => {
  if (context.isPrerendered) return next();
  try {
    const { services } = context.locals;
    context.locals.session = services.auth.findSession(context.request.headers.get('cookie'));
    const allowed = context.locals.session !== null || isPublicRoute(context.request.method, context.routePattern);
    if (!allowed) return await deny(context);
    if (context.routePattern === '/login' && services.auth.needsSetup()) return seeOther('/setup');
  } catch (error) {
    return failed(context, error);
  }
  return finish(context, next);
};

async function finish(context: APIContext, next: () => Promise<Response>): Promise<Response> {
  try {
    const response = await next();
    return isApi(context) && response.status === 404 && response.body === null ? unknownMethod(context) : response;
  } catch (error) {
    return failed(context, error);
  }
}

async function deny(context: APIContext): Promise<Response> {
  const { request, url, locals } = context;
  const readsPage = ['GET', 'HEAD'].includes(request.method) && !isApi(context) && wantsPage(Object.fromEntries(request.headers));
  if (readsPage || isPageForm(request)) {
    if (locals.services.auth.needsSetup()) return seeOther('/setup');
  }
  return readsPage ? seeOther(loginPath(`${url.pathname}${url.search}`)) : refuseSignedOut(context);
}

/** Logs what broke with its cause. A broken database is 503 (never the setup page); a bug is left to Astro's 500 page. */
function failed(context: APIContext, error: unknown): Response {
  const { services, edge } = context.locals;
  const { code } = errorAnswer(error);
  services.log.error({ error, requestId: edge.requestId, route: context.routePattern }, 'a request failed');
  if (isApi(context) || !wantsPage(Object.fromEntries(context.request.headers))) return jsonError(error, edge.requestId);
  if (code === 'internal_error') throw error;
  return pageError(error, edge.requestId);
}

const isApi = (context: APIContext) => /^\/api(\/|$)/.test(context.routePattern);

/** Astro answers a bare 404 when the route has no handler for the method. */
const unknownMethod = (context: APIContext) => jsonError(new AppError('method_not_allowed'), context.locals.edge.requestId);
