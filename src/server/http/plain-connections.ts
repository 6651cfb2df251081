import type { Socket } from 'node:net';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { SocketAnswer } from './plain-answer.ts';
import { readPlainRequest } from './plain-request.ts';

/** A request may be on its way when the time that was promised is over; node:http waits as long. */
const ON_ITS_WAY_MS = 1_000;

export interface PlainConnectionsOptions {
  /** Who answers a request; undefined: that is for node:http to find out. */
  find(req: PlainRequest, socket: Socket): ((res: PlainAnswer) => void) | undefined;
  /** Gives a connection to node:http's server. What was read of it is there to be read again. */
  handOver(socket: Socket): void;
  /** How long a connection may be without a request. */
  idleMs: number;
}

/**
 * Answers the plain requests of connections, as long as nothing else comes on them. With the first that is not plain, or not
 * ours to answer, the connection is node:http's for good.
 */
export interface PlainConnections {
  open(socket: Socket): void;
  /** From now on a connection ends with its answer, and without one at once. */
  stop(): void;
}

export function createPlainConnections({ find, handOver, idleMs }: PlainConnectionsOptions): PlainConnections {
  /** With the answer that is on its way. */
  const connections = new Map<Socket, SocketAnswer | undefined>();
  let stopping = false;

  function findFor(bytes: Buffer, socket: Socket) {
    try {
      const req = readPlainRequest(bytes);
      const answerBy = req && find(req, socket);
      return answerBy && { answerBy, method: req.method };
    } catch {
      // It fails there as well, and there it is told.
      return undefined;
    }
  }

  function open(socket: Socket): void {
    const listeners = { data: read, end, timeout, drain, error: destroy, close };
    const entries = Object.entries(listeners);

    function read(bytes: Buffer): void {
      if (connections.get(socket)) return putBack(bytes);
      const found = findFor(bytes, socket);
      if (!found) return giveUp(bytes);
      const keepAliveSeconds = () => (stopping ? 0 : idleMs / 1000);
      const answer = new SocketAnswer({ socket, method: found.method, keepAliveSeconds, onSent });
      connections.set(socket, answer);
      found.answerBy(answer);
    }

    /** One at a time: what comes early waits where it was. */
    function putBack(bytes: Buffer): void {
      socket.pause();
      socket.unshift(bytes);
    }

    function onSent(isLast: boolean): void {
      connections.set(socket, undefined);
      if (isLast || stopping) socket.destroySoon();
      else if (socket.isPaused()) socket.resume();
    }

    function giveUp(bytes: Buffer): void {
      connections.delete(socket);
      for (const [event, listener] of entries) socket.off(event, listener);
      socket.setTimeout(0);
      putBack(bytes);
      handOver(socket);
      process.nextTick(() => socket.resume());
    }

    /** The reader says nothing more. As in node:http, it doesn't wait for an answer either. */
    function end(): void {
      socket.destroySoon();
    }

    function timeout(): void {
      if (!connections.get(socket)) socket.destroy();
    }

    function drain(): void {
      connections.get(socket)?.emit('drain');
    }

    function destroy(): void {
      socket.destroy();
    }

    function close(): void {
      const answer = connections.get(socket);
      connections.delete(socket);
      answer?.gone();
    }

    connections.set(socket, undefined);
    socket.setTimeout(idleMs + ON_ITS_WAY_MS);
    for (const [event, listener] of entries) socket.on(event, listener);
  }

  return {
    open,
    stop() {
      stopping = true;
      for (const [socket, answer] of connections) if (!answer) socket.destroy();
    },
  };
}
