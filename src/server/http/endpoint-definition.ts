import type { z } from 'zod';

/** What a route says about itself: enforced by `endpoint()`, published by `/api/openapi.json`. */
export interface EndpointDefinition {
  /** `public` must also be in `public-routes.ts`, or nobody without a session gets there. */
  auth: 'session' | 'public';
  /** One sentence for the API's description. */
  summary: string;
  /** The body, as JSON or as a form (whose fields arrive as text; a repeated one as a list). */
  input?: z.ZodType;
  /** A body that is a file, bare or in a form, is left to the handler (`receiveUpload`); `input` is undefined then. */
  upload?: true;
  /** Whether fields of `input` may be files of a form. */
  takesFiles?: true;
  params?: z.ZodType;
  query?: z.ZodType;
  response?: z.ZodType;
  /** Of a success with a body; 200 unless given. */
  status?: number;
  /** The page its form is on, unless the form's address says `_from`; `/` unless given. Gets what was typed, unparsed. */
  page?: (typed: Readonly<Record<string, unknown>>) => string;
}
