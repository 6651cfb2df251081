import { AppError } from '#server/errors.ts';

/** How many versions the conversation knows by number: those of a screen or two of answers. */
export const SHOWN_VERSIONS = 100;

/** Where a signed-out reader goes, to come back to where they were. */
export function loginPath(url: URL): string {
  const here = url.pathname + url.search;
  return here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`;
}

/** A path on this origin to go on to; anything else is the dashboard. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : '/';
}

/** What `read` gives, or undefined where the project does not exist (or belongs to someone else). */
export function findable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && (error.code === 'project_not_found' || error.code === 'turn_not_found')) return undefined;
    throw error;
  }
}
