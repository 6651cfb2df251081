import { request } from 'node:http';

const REDIRECTS = 3;

/** What a dev server said. `page`: 2xx with HTML. `alive`: it answered, with something else. */
export type ProbeAnswer = { state: 'page'; status: number } | { state: 'alive'; status: number } | { state: 'silent' };

/**
 * Asks a dev server on loopback for its front page, as the gateway would.
 *
 * @param publicHost Sent as `Host`. Redirects are followed while they stay on it.
 */
export async function probePage(port: number, publicHost: string, timeoutMs: number, signal?: AbortSignal): Promise<ProbeAnswer> {
  let path = '/';
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const answer = await get(port, path, { host: publicHost, accept: 'text/html' }, timeoutMs, signal);
    if (!answer) return { state: 'silent' };
    const { status, location, contentType } = answer;
    if (status >= 200 && status < 300 && contentType.includes('text/html')) return { state: 'page', status };
    const next = status >= 300 && status < 400 && location ? URL.parse(location, `http://${publicHost}${path}`) : null;
    if (!next || next.host !== publicHost) return { state: 'alive', status };
    path = `${next.pathname}${next.search}`;
  }
  return { state: 'alive', status: 310 };
}

/** Whether the server's event loop turns at all: Vite answers this without rendering anything. */
export async function probeLife(port: number, publicHost: string, timeoutMs: number): Promise<boolean> {
  return (await get(port, '/', { host: publicHost, accept: 'text/x-vite-ping' }, timeoutMs)) !== undefined;
}

/** The status that a server answers with to `<method> /`; undefined when it is silent. */
export async function probeStatus(
  port: number,
  host: string,
  { method, timeoutMs, signal }: { method: 'GET' | 'HEAD'; timeoutMs: number; signal?: AbortSignal },
): Promise<number | undefined> {
  return (await get(port, '/', { host, accept: 'text/html' }, timeoutMs, signal, method))?.status;
}

interface Answer {
  status: number;
  contentType: string;
  location: string | undefined;
}

function get(
  port: number,
  path: string,
  headers: Record<string, string>,
  timeoutMs: number,
  signal?: AbortSignal,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false, signal: signal ? AbortSignal.any([signal, timeout]) : timeout },
      (response) => {
        const { statusCode = 0, headers: got } = response;
        response.resume();
        response.once('error', () => resolve(undefined));
        response.once('close', () => resolve(undefined));
        response.once('end', () => resolve({ status: statusCode, contentType: got['content-type'] ?? '', location: got.location }));
      },
    );
    sent.once('error', () => resolve(undefined));
    sent.end();
  });
}
