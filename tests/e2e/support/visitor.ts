import { request } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** The address the visitor comes from: any of 127.0.0.0/8. */
  from?: string;
}

/** Someone out there who reaches every hostname at one loopback port over TLS, and trusts one authority. */
export function makeVisitor({ port, ca }: { port: number; ca: string }) {
  const options = (host: string, path: string, { method = 'GET', headers = {}, from }: Asked): RequestOptions & { servername: string } => ({
    host: '127.0.0.1',
    port,
    path,
    method,
    servername: host,
    headers: { host: `${host}:${port}`, ...headers },
    ...{ ca, agent: false },
    ...(from === undefined ? {} : { localAddress: from }),
  });

  /** Resolves when the answer begins. */
  function open(host: string, path: string, asked: Asked = {}): Promise<IncomingMessage> {
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...asked.headers };
    return new Promise((resolve, reject) => {
      const sent = request(options(host, path, { ...asked, headers }), resolve);
      sent.once('error', reject);
      sent.end(body);
    });
  }

  return {
    open,
    async ask(host: string, path: string, asked: Asked = {}): Promise<Answer> {
      const answer = await open(host, path, asked);
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
    },
    /** Whether the name gets a certificate that this visitor believes. */
    isServed(servername: string): Promise<boolean> {
      return new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, servername, ca });
        socket.once('secureConnect', () => (socket.destroy(), resolve(true)));
        socket.once('error', () => resolve(false));
      });
    },
  };
}
export type Visitor = ReturnType<typeof makeVisitor>;
