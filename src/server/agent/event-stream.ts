import { setTimeout as delay } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import type { Log } from '#server/log.ts';
import type { OpencodeApi } from './opencode-api.ts';
import { readWireEvent } from './wire.ts';
import type { WireEvent } from './wire.ts';

const RECONNECT_MS = 200;

interface EventStreamDeps {
  api: Pick<OpencodeApi, 'openEvents'>;
  log: Log;
  /** Ends the subscription. */
  signal: AbortSignal;
  onEvent(event: WireEvent): void;
  /** After a gap: events were lost. */
  onReconnect(): void;
}

/**
 * Follows the server's events until the signal aborts, through lost connections. Resolves once the first subscription stands; a
 * malformed event is logged and skipped.
 */
export function followEvents(deps: EventStreamDeps): Promise<void> {
  const { signal, log } = deps;
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    let connections = 0;
    const onEvent = (event: WireEvent) => {
      if (signal.aborted) return;
      if (event.type === 'server.connected') {
        connections += 1;
        if (connections === 1) resolve();
        else deps.onReconnect();
      }
      deps.onEvent(event);
    };
    void (async () => {
      while (!signal.aborted) {
        await followOnce(deps, onEvent).catch((error: unknown) => {
          if (!signal.aborted) log.debug({ error }, 'agent event stream lost');
        });
        await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
      }
    })();
  });
}

async function followOnce({ api, signal, log }: EventStreamDeps, onEvent: (event: WireEvent) => void): Promise<void> {
  const response = await api.openEvents(signal);
  if (!response.ok || !response.body) throw new Error(`The event stream was answered ${response.status}.`);
  const parser = createParser({
    onEvent({ data }) {
      const read = readWireEvent(data);
      if (read.state === 'known') onEvent(read.event);
      if (read.state === 'malformed') log.warn({ reason: read.reason }, 'agent sent a malformed event');
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  // A fetch can outlive the abort of its signal once its headers are there; the reader is ours to end.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let read = await reader.read(); !read.done && !signal.aborted; read = await reader.read()) {
      parser.feed(decoder.decode(read.value, { stream: true }));
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}
