import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';

export const STREAMS_PER_OWNER = 4;
export const STREAMS_OVERALL = 50;
const HEARTBEAT_MS = 15_000;
/** A reader this far behind is dropped; it comes back with `Last-Event-ID`. */
const MAX_PENDING_BYTES = 1024 * 1024;
const RECONNECT_MS = 2_000;
const NAME_SHAPE = /^[A-Za-z0-9._:-]*$/;

/** The socket under a response, as far as a stream needs it: Astro writes without waiting for a slow reader. */
export interface Connection {
  pendingBytes(): number;
  drop(): void;
}

export interface ServerSentEvent {
  /** Comes back as `Last-Event-ID` after a lost connection. */
  id?: string | number;
  event?: string;
  /** Sent as one line of JSON. */
  data: unknown;
}

export interface EventStream {
  /** False once the stream is over; a reader more than 1 MiB behind is dropped here. */
  send(event: ServerSentEvent): boolean;
  close(): void;
  readonly closed: boolean;
}

export interface OpenEventStream {
  /** Whose stream it is: the session's id. */
  owner: string;
  signal: AbortSignal;
  /** Asked at each heartbeat; false (or a throw) ends the stream. */
  stillAllowed?: () => boolean;
  /** Called once the stream is open. What it returns is called exactly once, when the stream is over for whatever reason. */
  subscribe(stream: EventStream): () => void;
}

export interface EventStreams {
  /** @throws AppError `too_many_streams` beyond 4 of an owner or 50 in all, `stopping`. */
  open(input: OpenEventStream, connection: Connection): Response;
  closeOwner(owner: string): void;
  /** Ends all streams and opens no more. */
  stop(): void;
  count(): number;
}

interface OpenStream extends EventStream {
  owner: string;
  beat(): void;
}

/** Server-sent events as web responses: bounded in number and backlog, with heartbeats. */
export function createEventStreams({ log, heartbeatMs = HEARTBEAT_MS }: { log: Log; heartbeatMs?: number }): EventStreams {
  const streams = new Set<OpenStream>();
  let heartbeat: NodeJS.Timeout | undefined;
  let stopped = false;

  function admit(owner: string): void {
    if (stopped) throw new AppError('stopping');
    const own = [...streams].filter((stream) => stream.owner === owner).length;
    if (own >= STREAMS_PER_OWNER || streams.size >= STREAMS_OVERALL) throw new AppError('too_many_streams', { retryAfterSeconds: 5 });
  }

  function add(stream: OpenStream): void {
    streams.add(stream);
    heartbeat ??= setInterval(() => streams.forEach((each) => each.beat()), heartbeatMs).unref();
  }

  function remove(stream: OpenStream): void {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  }

  return {
    open(input, connection) {
      admit(input.owner);
      const { stream, body } = createStream(input, connection, { add, remove, log });
      if (input.signal.aborted) stream.close();
      return new Response(body, {
        headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
      });
    },
    closeOwner: (owner) => [...streams].filter((stream) => stream.owner === owner).forEach((stream) => stream.close()),
    stop() {
      stopped = true;
      [...streams].forEach((stream) => stream.close());
    },
    count: () => streams.size,
  };
}

function createStream(
  input: OpenEventStream,
  connection: Connection,
  hub: { add(stream: OpenStream): void; remove(stream: OpenStream): void; log: Log },
): { stream: OpenStream; body: ReadableStream<Uint8Array> } {
  const encoder = new TextEncoder();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let unsubscribe = () => {};
  let closed = false;

  function end(): boolean {
    if (closed) return false;
    closed = true;
    hub.remove(stream);
    input.signal.removeEventListener('abort', end);
    unsubscribe();
    return true;
  }

  function close(): void {
    if (end()) controller.close();
  }

  function drop(reason: string): void {
    if (!end()) return;
    hub.log.info({ reason }, 'event stream dropped');
    controller.close();
    connection.drop();
  }

  function write(text: string): boolean {
    if (closed) return false;
    controller.enqueue(encoder.encode(text));
    if (connection.pendingBytes() > MAX_PENDING_BYTES || (controller.desiredSize ?? 0) < 0) drop('slow reader');
    return !closed;
  }

  const stream: OpenStream = {
    owner: input.owner,
    send: (event) => write(format(event)),
    close,
    beat() {
      if (isAllowed(input, hub.log)) write(': heartbeat\n\n');
      else close();
    },
    get closed() {
      return closed;
    },
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      cancel: () => void end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_PENDING_BYTES }),
  );
  hub.add(stream);
  input.signal.addEventListener('abort', end);
  write(`retry: ${RECONNECT_MS}\n\n`);
  unsubscribe = subscribed(input, stream, end);
  if (closed) unsubscribe();
  return { stream, body };
}

function subscribed(input: OpenEventStream, stream: EventStream, end: () => void): () => void {
  try {
    return input.subscribe(stream);
  } catch (error) {
    end();
    throw error;
  }
}

function isAllowed(input: OpenEventStream, log: Log): boolean {
  try {
    return input.stillAllowed?.() ?? true;
  } catch (error) {
    log.warn({ error }, 'event stream ended: its session could not be checked');
    return false;
  }
}

function format({ id, event, data }: ServerSentEvent): string {
  if (!NAME_SHAPE.test(String(id ?? '')) || !NAME_SHAPE.test(event ?? '')) throw new TypeError('Event ids and names are plain words.');
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}
