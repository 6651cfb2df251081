import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A server on loopback, and the Host under which it is asked. */
export interface Target {
  port: number;
  host: string;
}

export interface Answer {
  status: number;
  text: string;
}

const agent = new Agent({ keepAlive: true });

/** One GET on a kept-alive connection. Undefined when nothing answers. Not a navigation: the gateway then wakes and draws nothing. */
export function get({ port, host }: Target, path = '/'): Promise<Answer | undefined> {
  const headers = { host, accept: 'text/html', 'sec-fetch-mode': 'cors' };
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', () => resolve(undefined));
    });
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}

/** 2xx with a heading: a page that someone can read, not an error and not a placeholder. */
export const isGoodPage = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined && answer.status >= 200 && answer.status < 300 && headingOf(answer) !== undefined;

export const headingOf = ({ text }: Answer): string | undefined => /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(text)?.[1]?.trim();

/**
 * Asks for a page again and again until it is as wanted.
 *
 * @returns The answer and when it was there (epoch milliseconds); undefined once the signal aborts.
 */
export async function untilServed(
  target: Target,
  isWanted: (answer: Answer | undefined) => boolean,
  options: { path?: string; everyMs: number; signal: AbortSignal },
): Promise<{ answer: Answer; atMs: number } | undefined> {
  while (!options.signal.aborted) {
    const answer = await get(target, options.path);
    if (answer && isWanted(answer)) return { answer, atMs: Date.now() };
    await delay(options.everyMs);
  }
  return undefined;
}
