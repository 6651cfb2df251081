/** What the server announces; see `GET /api/events`. */
export interface ServerEvents {
  'project.changed': { projectId: string };
  'project.moved': { projectId: string; /** Where it is from then on. */ slug: string };
  'project.deleted': { projectId: string };
  'turn.changed': { projectId: string; turnId: string };
  'turn.part': { projectId: string; turnId: string; partId: string };
  'turn.delta': {
    projectId: string;
    turnId: string;
    partId: string;
    kind: 'text' | 'reasoning';
    delta: string;
    /** Length of the part's text before the delta. */ offset?: number;
  };
  'version.recorded': { projectId: string; hash: string };
  /** The built site of an old version came, went or failed. */
  'version.preview': { projectId: string; hash: string };
  'version.log': { projectId: string; hash: string; line: string };
  'files.changed': { projectId: string; paths: string[] };
  'log.line': { projectId: string; line: string };
  'queue.changed': { jobIds: string[]; /** Others changed as well. */ more: boolean };
  'job.log': { jobId: string; attempt: number; atMs: number; level: string; text: string };
  'deployment.changed': { projectId: string };
  'deployment.log': { projectId: string; deploymentId: string; line: string };
  /** Something was missed: everything shown may be old. */
  sync: Record<string, never>;
}
export type EventName = keyof ServerEvents;

const names: EventName[] = [
  'project.changed',
  'project.moved',
  'project.deleted',
  'turn.changed',
  'turn.part',
  'turn.delta',
  'version.recorded',
  'version.preview',
  'version.log',
  'files.changed',
  'log.line',
  'queue.changed',
  'job.log',
  'deployment.changed',
  'deployment.log',
  'sync',
];
const bus = new EventTarget();
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 20_000;

let source: EventSource | undefined;
let retryMs = FIRST_RETRY_MS;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

/** Calls `handler` for each event of that name until `signal` aborts. */
export function onEvent<N extends EventName>(name: N, handler: (payload: ServerEvents[N]) => void, signal: AbortSignal): void {
  bus.addEventListener(name, (event) => handler((event as CustomEvent<ServerEvents[N]>).detail), { signal });
}

/** `broken`: the browser is reconnecting by itself. `refused`: the server said no, and is asked again ever more seldom. */
export type Connection = 'open' | 'broken' | 'refused';

export function onConnection(handler: (connection: Connection) => void): void {
  bus.addEventListener('connection', (event) => handler((event as CustomEvent<Connection>).detail));
}

/**
 * Opens the tab's one event stream, of all projects or of one.
 *
 * A new stream begins with `sync`. It is passed on unless nothing has happened since the page was rendered: the page says
 * in `data-event-id` which event was the latest then.
 */
export function openEvents(projectId?: string): void {
  const url = projectId ? `/api/events?projectId=${encodeURIComponent(projectId)}` : '/api/events';
  const renderedAt = document.querySelector<HTMLElement>('[data-event-id]')?.dataset.eventId;
  connect(url, renderedAt);
  // A page in the back/forward cache must not hold one of the few streams.
  addEventListener('pagehide', () => {
    source?.close();
    clearTimeout(retryTimer);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) connect(url);
  });
}

function connect(url: string, shownEventId?: string): void {
  const stream = new EventSource(url);
  source = stream;
  let isFirst = true;
  for (const name of names) {
    stream.addEventListener(name, (event: MessageEvent<string>) => {
      const isKnown = isFirst && name === 'sync' && event.lastEventId === shownEventId;
      isFirst = false;
      if (!isKnown) bus.dispatchEvent(new CustomEvent(name, { detail: JSON.parse(event.data || '{}') }));
    });
  }
  stream.addEventListener('open', () => {
    retryMs = FIRST_RETRY_MS;
    bus.dispatchEvent(new CustomEvent('connection', { detail: 'open' satisfies Connection }));
  });
  stream.addEventListener('error', () => {
    const refused = stream.readyState === EventSource.CLOSED;
    bus.dispatchEvent(new CustomEvent('connection', { detail: (refused ? 'refused' : 'broken') satisfies Connection }));
    // A broken stream reconnects by itself, with Last-Event-ID.
    if (!refused) return;
    retryTimer = setTimeout(() => connect(url), retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  });
}
