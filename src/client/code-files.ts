import { fileUrl } from '../components/files/code-view.ts';
import type { StoredText } from './code-document.ts';
import { goToLogin } from './request.ts';

/** What the API says about a file. */
interface FileAnswer {
  path: string;
  hash: string;
  sizeBytes: number;
  isBinary: boolean;
  content: string | null;
}

export type Opened =
  | { state: 'text'; file: StoredText }
  | { state: 'binary'; sizeBytes: number }
  | { state: 'large'; sizeBytes: number }
  | { state: 'gone'; message: string }
  | { state: 'failed'; message: string };
export type Saved =
  | { state: 'saved'; hash: string }
  /** Somebody else wrote it meanwhile; undefined when they removed it or it is no text any more. */
  | { state: 'changed'; theirs: StoredText | undefined }
  | { state: 'failed'; message: string };

const NO_ANSWER = 'doce did not answer. What you typed is kept here; try again.';

export async function openFile(projectId: string, path: string, editableBytes: number): Promise<Opened> {
  const answer = await call('GET', fileUrl(projectId, path));
  if (answer.status === 404) return { state: 'gone', message: answer.message };
  if (!answer.ok) return { state: 'failed', message: answer.message };
  const { file } = answer.body as { file?: FileAnswer };
  if (!file) return { state: 'failed', message: 'That is a folder. Choose a file in it.' };
  if (file.content === null) return { state: 'binary', sizeBytes: file.sizeBytes };
  if (file.sizeBytes > editableBytes) return { state: 'large', sizeBytes: file.sizeBytes };
  return { state: 'text', file: { hash: file.hash, text: file.content } };
}

/** @param baseHash What is believed to be there; null = nothing. */
export async function saveFile(projectId: string, path: string, text: string, baseHash: string | null): Promise<Saved> {
  const answer = await call('PUT', fileUrl(projectId, path), { content: text, baseHash });
  const { file } = (answer.body ?? {}) as { file?: FileAnswer | null };
  if (answer.ok && file) return { state: 'saved', hash: file.hash };
  if (answer.status === 409 && file !== undefined) {
    return { state: 'changed', theirs: file?.content != null ? { hash: file.hash, text: file.content } : undefined };
  }
  return { state: 'failed', message: answer.message };
}

export async function renameFile(
  projectId: string,
  path: string,
  newPath: string,
): Promise<{ state: 'renamed' } | { state: 'failed'; message: string }> {
  const answer = await call('PATCH', fileUrl(projectId, path), { path: newPath });
  return answer.ok ? { state: 'renamed' } : { state: 'failed', message: answer.message };
}

/** Deletes a file and returns the way to bring it back; undefined where only the history can. */
export async function deleteFile(
  projectId: string,
  path: string,
): Promise<{ state: 'deleted'; bringBack: (() => Promise<boolean>) | undefined } | { state: 'failed'; message: string }> {
  const url = fileUrl(projectId, path);
  const content = await bytesOf(`${url}?download=true`);
  const answer = await call('DELETE', url);
  if (!answer.ok) return { state: 'failed', message: answer.message };
  const bringBack = async () => (await call('PUT', url, { content, encoding: 'base64', baseHash: null })).ok;
  return { state: 'deleted', bringBack: content === undefined ? undefined : bringBack };
}

const LARGEST_BROUGHT_BACK = 700_000;

async function bytesOf(url: string): Promise<string | undefined> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > LARGEST_BROUGHT_BACK) return undefined;
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}

interface Called {
  ok: boolean;
  status: number;
  body: unknown;
  message: string;
}

/** As `send`, but with the body of a refusal: a conflict carries what is there. */
async function call(method: string, url: string, body?: unknown): Promise<Called> {
  try {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(url, { method, headers, ...json });
    if (response.status === 401) goToLogin();
    const parsed = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
    const message = parsed.error?.message ?? `The server answered with an error (${response.status}). Try again.`;
    return { ok: response.ok, status: response.status, body: parsed, message };
  } catch {
    return { ok: false, status: 0, body: undefined, message: NO_ANSWER };
  }
}
