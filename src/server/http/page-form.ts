import { AppError } from '#server/errors.ts';
import { errorAnswer } from './error-answer.ts';
import type { Reply } from './api-answer.ts';
import { isForm } from './request-body.ts';
import type { RequestEdge } from './request-edge.ts';
import { safePath } from './safe-path.ts';

/** Whether a browser without JavaScript posted a form and wants to see a page next. Scripts ask for JSON. */
export function isPageForm(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return isForm(request.headers) && accept.includes('text/html');
}

/** The page a form is on, when it says so: `action="/api/projects?_from=/projects/new"`. */
export function pageOf(url: URL): string | undefined {
  return safePath(url.searchParams.get('_from'));
}

export function redirectAfter(reply: Reply, page: string): Response {
  return seeOther(safePath(reply.location) ?? page, new Headers(reply.headers));
}

/** Back to the form's page, which finds the message and what was typed in `edge.flash.take(path)`. */
export function redirectBack(error: unknown, page: string, typed: unknown, edge: RequestEdge): Response {
  const { code, message, issues } = errorAnswer(error);
  const cookie = edge.flash.leave({ [pathnameOf(page)]: { error: { code, message, issues }, values: textFields(typed) } });
  return seeOther(page, new Headers({ 'Set-Cookie': cookie }));
}

/** To the login page; what was typed waits for the page the form is on. */
export function redirectToLogin(page: string, typed: unknown, edge: RequestEdge): Response {
  const { code, message } = errorAnswer(new AppError('unauthenticated'));
  const kept = { values: textFields(typed) };
  const cookie = edge.flash.leave({ [pathnameOf(page)]: kept, '/login': { error: { code, message }, values: {} } });
  return seeOther(loginPath(page), new Headers({ 'Set-Cookie': cookie }));
}

export const loginPath = (next: string) => (next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);

export function seeOther(location: string, headers = new Headers()): Response {
  headers.set('Location', location);
  return new Response(null, { status: 303, headers });
}

const pathnameOf = (path: string) => path.split('?')[0]!;

/** What was typed, by the fields' names in the form. */
function textFields(typed: unknown, prefix = ''): Record<string, string> {
  if (typeof typed !== 'object' || typed === null || typed instanceof File || Array.isArray(typed)) return {};
  const fields = Object.entries(typed).map(([name, value]) =>
    typeof value === 'string' ? { [prefix + name]: value } : prefix === '' ? textFields(value, `${name}.`) : {},
  );
  return Object.assign({}, ...fields) as Record<string, string>;
}
