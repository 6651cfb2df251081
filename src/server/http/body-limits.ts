import type { IncomingMessage } from 'node:http';
import { AppError } from '#server/errors.ts';

export const JSON_LIMIT_BYTES = 1024 * 1024;
export const UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

/** Where JSON carries files as base64, which makes it an upload. */
const WITH_FILES = /^\/api\/projects(\/[^/]+\/turns)?\/?$/;

/** How large a body of this content type may be at this path. */
export function bodyLimitBytes(contentType: string | null | undefined, path: string): number {
  return WITH_FILES.test(path) || /^\s*(multipart\/form-data|application\/(octet-stream|zip|x-zip-compressed))\b/i.test(contentType ?? '')
    ? UPLOAD_LIMIT_BYTES
    : JSON_LIMIT_BYTES;
}

/** The refusal of a body that is too large: it names the limit where only files can have made it so. */
export const tooLarge = (path: string): AppError => new AppError(WITH_FILES.test(path) ? 'attachments_too_large' : 'body_too_large');

/** Judges by the declared length, before a byte is read. Bodies of unknown length are counted by whoever reads them. */
export function refuseDeclared({ headers, url }: Pick<IncomingMessage, 'headers' | 'url'>): AppError | undefined {
  const path = url?.split('?')[0] ?? '';
  return Number(headers['content-length'] ?? 0) > bodyLimitBytes(headers['content-type'], path) ? tooLarge(path) : undefined;
}

/** How much of a body that is refused anyway is read and thrown away, so that the client gets to see the refusal. */
const DRAIN_BYTES = 16 * 1024 * 1024;

/**
 * Reads a body and keeps no more of it than the limit.
 *
 * @returns undefined when it is larger than `limitBytes`.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Buffer<ArrayBuffer> | undefined> {
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = request.body.getReader();
  for (let next = await reader.read(); !next.done && sizeBytes <= DRAIN_BYTES; next = await reader.read()) {
    sizeBytes += next.value.byteLength;
    if (sizeBytes <= limitBytes) chunks.push(next.value);
  }
  return sizeBytes > limitBytes ? undefined : Buffer.concat(chunks, sizeBytes);
}
