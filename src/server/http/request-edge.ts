import type { EventStreams, OpenEventStream } from './event-stream.ts';
import type { RequestFlash } from './flash.ts';
import type { RequestFacts } from './request-facts.ts';

/** What the edge knows about a request and lends to the page or route that answers it: `Astro.locals.edge`. */
export interface RequestEdge extends RequestFacts {
  flash: RequestFlash;
  /** @throws AppError `too_many_streams`, `stopping`. */
  openEventStream(input: OpenEventStream): Response;
  closeEventStreams: EventStreams['closeOwner'];
}
