import type { IncomingMessage } from 'node:http';

export const JSON_LIMIT_BYTES = 1024 * 1024;
export const UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

/** How large a body of this content type may be. */
export function bodyLimitBytes(contentType: string | null | undefined): number {
  return /^\s*(multipart\/form-data|application\/(octet-stream|zip|x-zip-compressed))\b/i.test(contentType ?? '')
    ? UPLOAD_LIMIT_BYTES
    : JSON_LIMIT_BYTES;
}

/** Judges by the declared length, before a byte is read. Bodies of unknown length are counted by whoever reads them. */
export function declaresTooMuch(req: Pick<IncomingMessage, 'headers'>): boolean {
  return Number(req.headers['content-length'] ?? 0) > bodyLimitBytes(req.headers['content-type']);
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
