import { Busboy } from '@fastify/busboy';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '#server/errors.ts';
import { UPLOAD_LIMIT_BYTES } from './body-limits.ts';

const BARE_TYPES = /^application\/(zip|x-zip-compressed|octet-stream)\b/i;
const MULTIPART = /^multipart\/form-data\b/i;
const FIELD_BYTES = 4_096;
const FIELDS = 20;

/** A file that arrived, and what came with it in the same form. */
export interface ReceivedUpload {
  /** Path of the file, the caller's from here on; undefined when the form held none. */
  file: string | undefined;
  /** What the form says it is called; undefined for a bare body. */
  fileName: string | undefined;
  fields: Record<string, string>;
}

/** Whether the body is a file, bare or in a form, rather than fields. */
export const isUpload = (headers: Headers): boolean => BARE_TYPES.test(typeOf(headers)) || MULTIPART.test(typeOf(headers));

/**
 * Writes an uploaded file into `folder` as it arrives; no more of it than a piece is ever in memory.
 *
 * @throws AppError `body_too_large`, `bad_request`, `unsupported_type`. Nothing is left in the folder then.
 */
export async function receiveUpload(request: Request, folder: string): Promise<ReceivedUpload> {
  if (!isUpload(request.headers)) throw new AppError('unsupported_type');
  if (!request.body) return { file: undefined, fileName: undefined, fields: {} };
  const file = join(folder, `${randomBytes(12).toString('hex')}.part`);
  const body = Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
  try {
    if (MULTIPART.test(typeOf(request.headers))) return await receiveForm(body, request.headers, file);
    await pipeline(body, atMost(UPLOAD_LIMIT_BYTES), fileAt(file));
    return { file, fileName: undefined, fields: {} };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function receiveForm(body: Readable, headers: Headers, file: string): Promise<ReceivedUpload> {
  const fields = Object.create(null) as Record<string, string>;
  let arriving: Readable | undefined;
  let saved: Promise<string | undefined> | undefined;
  const form = openForm(headers);
  form.on('field', (name, value) => void (fields[name] = value));
  form.on('file', (_field, stream, fileName) => {
    // A form whose file field was left empty sends one without a name.
    if (saved || !fileName) return void stream.resume();
    arriving = stream;
    saved = pipeline(stream, fileAt(file)).then(() => fileName);
    saved.catch((error: Error) => form.destroy(error));
  });
  try {
    await pipeline(body, atMost(UPLOAD_LIMIT_BYTES), form);
  } catch (error) {
    // The form's file does not end by itself when the form breaks off.
    arriving?.destroy(error as Error);
    await saved?.catch(() => {});
    throw refusal(error);
  }
  const fileName = await saved;
  return { file: fileName === undefined ? undefined : file, fileName, fields };
}

function openForm(headers: Headers) {
  try {
    return new Busboy({
      headers: { 'content-type': typeOf(headers) },
      limits: { files: 1, fields: FIELDS, fieldSize: FIELD_BYTES, fieldNameSize: 100, parts: FIELDS + 1, headerPairs: 20 },
    });
  } catch (cause) {
    throw new AppError('bad_request', { cause });
  }
}

const fileAt = (file: string) => createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });

/** Passes bytes on, and fails once there are too many of them. */
function atMost(limitBytes: number): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      done(total > limitBytes ? new AppError('body_too_large') : null, chunk);
    },
  });
}

/** The disk's trouble stays what it is; everything else is a form that is none. */
function refusal(error: unknown): unknown {
  const isKnown = error instanceof AppError || (error as NodeJS.ErrnoException).syscall !== undefined;
  return isKnown ? error : new AppError('bad_request', { cause: error });
}

const typeOf = (headers: Headers) => headers.get('content-type') ?? '';
