/** What the server announces; see `GET /api/events`. */
export interface ServerEvents {
  'project.changed': { projectId: string };
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
  'log.line': { projectId: string; line: string };
  'settings.changed': Record<string, never>;
  /** Something was missed: everything shown may be old. */
  sync: Record<string, never>;
}
export type EventName = keyof ServerEvents;

const names: EventName[] = [
  'project.changed',
  'project.deleted',
  'turn.changed',
  'turn.part',
  'turn.delta',
  'log.line',
  'settings.changed',
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

/** Told `true` when the stream opens and `false` when it breaks. */
export function onConnection(handler: (connected: boolean) => void, signal: AbortSignal): void {
  bus.addEventListener('connection', (event) => handler((event as CustomEvent<boolean>).detail), { signal });
}

/**
 * Opens the tab's one event stream, of all projects or of one. What happened between the page's rendering and the stream's
 * opening was missed, so its first opening is a `sync`.
 */
export function openEvents(projectId?: string): void {
  const url = projectId ? `/api/events?projectId=${encodeURIComponent(projectId)}` : '/api/events';
  connect(url);
  // A page in the back/forward cache must not hold one of the few streams.
  addEventListener('pagehide', () => {
    source?.close();
    clearTimeout(retryTimer);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) connect(url);
  });
}

function connect(url: string): void {
  const stream = new EventSource(url);
  source = stream;
  let opened = false;
  for (const name of names) {
    stream.addEventListener(name, (event: MessageEvent<string>) => {
      bus.dispatchEvent(new CustomEvent(name, { detail: JSON.parse(event.data || '{}') }));
    });
  }
  stream.addEventListener('open', () => {
    retryMs = FIRST_RETRY_MS;
    bus.dispatchEvent(new CustomEvent('connection', { detail: true }));
    // Later openings of the same source carry Last-Event-ID: the server replays, or sends `sync` itself.
    if (!opened) bus.dispatchEvent(new CustomEvent('sync', { detail: {} }));
    opened = true;
  });
  stream.addEventListener('error', () => {
    bus.dispatchEvent(new CustomEvent('connection', { detail: false }));
    if (stream.readyState !== EventSource.CLOSED) return;
    // Refused outright: signed out, too many tabs, or the server is restarting. Ask again, ever more seldom.
    retryTimer = setTimeout(() => connect(url), retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  });
}
