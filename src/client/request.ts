export type Answer<T = unknown> =
  | { state: 'ok'; status: number; body: T }
  /** The server said no; `message` says why and what to do. */
  | { state: 'refused'; status: number; code: string; message: string; issues: { path: string; message: string }[] }
  /** No answer came. Whether the server acted is not known. */
  | { state: 'unreachable'; message: string };

interface ErrorBody {
  error?: { code?: string; message?: string; issues?: { path: string; message: string }[] };
}

/** Calls our API with JSON, or with a form that holds files. Never throws. */
export async function send<T = unknown>(method: string, url: string, body?: unknown): Promise<Answer<T>> {
  try {
    const isJson = body !== undefined && !(body instanceof FormData);
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(isJson ? { 'content-type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as FormData) }),
    });
    const parsed: unknown = response.status === 204 ? {} : await response.json().catch(() => ({}));
    if (response.ok) return { state: 'ok', status: response.status, body: parsed as T };
    const { error } = parsed as ErrorBody;
    return {
      state: 'refused',
      status: response.status,
      code: error?.code ?? 'unknown',
      message: error?.message ?? `The server answered with an error (${response.status}). Try again.`,
      issues: error?.issues ?? [],
    };
  } catch {
    return { state: 'unreachable', message: 'doce did not answer. Check that it is running, then try again; what you typed is kept.' };
  }
}

/** To the login page and, from there, back here. */
export function goToLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
