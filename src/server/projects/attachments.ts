import { lookup } from 'mrmime';
import { z } from 'zod';
import type { Turn } from '#server/db/conversation-tables.ts';
import { AppError } from '#server/errors.ts';
import { isPrivateName } from '#server/private-names.ts';

/** Of one prompt. As base64 with the prompt beside them they fit the largest body that the edge lets through. */
export const attachmentLimits = { files: 10, bytes: 7 * 1024 * 1024 } as const;
const NAME_BYTES = 120;
const EXTENSION_BYTES = 16;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** As clients send them: a program as JSON, a browser as the files of a form. */
export const SentAttachments = z
  .union([z.array(z.union([z.object({ name: z.string(), content: z.string().describe('The bytes as base64.') }), z.file()])), z.file()])
  .describe('At most 10 files of any type, 7 MiB together. JSON: a list of names and contents. A form: its files.');
export type SentAttachments = z.infer<typeof SentAttachments>;

/** What is known about a file that came with a prompt; its bytes are files of the project's folder. */
export const Attachment = z.object({
  name: z.string(),
  sizeBytes: z.number(),
  mediaType: z.string(),
  /** Where it lies in the workspace; null until the prompt is sent. */
  path: z.string().nullable(),
});
export type Attachment = z.infer<typeof Attachment>;

export interface NewAttachment {
  name: string;
  content: Uint8Array;
}

/**
 * Reads what came with a prompt, each under a name that is one plain component and no other file's.
 *
 * @throws AppError `too_many_attachments`, `attachments_too_large`, `attachment_name_invalid`, `attachment_unreadable`.
 */
export async function readAttachments(sent: SentAttachments | undefined): Promise<NewAttachment[]> {
  const files = sent === undefined ? [] : [sent].flat();
  if (files.length > attachmentLimits.files) throw new AppError('too_many_attachments');
  const totalBytes = files.reduce((sum, file) => sum + bytesIn(file), 0);
  if (totalBytes > attachmentLimits.bytes) throw new AppError('attachments_too_large');
  const names = distinctNames(files.map(({ name }) => safeName(name)));
  return Promise.all(files.map(async (file, index) => ({ name: names[index]!, content: await contentOf(file) })));
}

export const describeAttachment = ({ name, content }: NewAttachment): Attachment => ({
  name,
  sizeBytes: content.length,
  // What its name says. Only ever shown: nothing is served under it.
  mediaType: lookup(name) ?? 'application/octet-stream',
  path: null,
});

/** For a turn's row; null when nothing came with it. */
export const attachmentsJson = (list: readonly Attachment[] = []): string | null => (list.length > 0 ? JSON.stringify(list) : null);

export function attachmentsOf({ attachmentsJson: json }: Pick<Turn, 'attachmentsJson'>): Attachment[] {
  return json === null ? [] : z.array(Attachment).parse(JSON.parse(json));
}

/**
 * What is left of a name from outside: its last component, without what steers, reorders or separates, at most 120 bytes long, not
 * hidden, and none that is private in a workspace.
 *
 * @throws AppError `attachment_name_invalid` when nothing is left.
 */
export function safeName(given: string): string {
  const plain = given
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/su, '')
    .replace(/[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    .replace(/[<>:"|?*`]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (plain === '') throw new AppError('attachment_name_invalid');
  return shortened(isPrivateName(plain) ? `file-${plain}` : plain);
}

/** The names in order; one that is taken, capital letters aside, gets a number. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const free = numberedNames(name).find((candidate) => !taken.has(candidate.toLowerCase()))!;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** `photo.png`, `photo-2.png`, … as many as can be needed. */
export function numberedNames(name: string, most = 100): string[] {
  const { stem, extension } = splitName(name);
  return [name, ...Array.from({ length: most - 1 }, (_, index) => `${stem}-${index + 2}${extension}`)];
}

function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const isExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= EXTENSION_BYTES;
  return isExtension ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}

function shortened(name: string): string {
  const { stem, extension } = splitName(name);
  const characters = [...stem];
  while (Buffer.byteLength(characters.join('') + extension) > NAME_BYTES) characters.pop();
  return characters.join('').trimEnd() + extension;
}

function bytesIn(file: File | { content: string }): number {
  if (file instanceof File) return file.size;
  const { content } = file;
  const padding = content.endsWith('==') ? 2 : content.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((content.length * 3) / 4) - padding);
}

async function contentOf(file: File | { content: string }): Promise<Uint8Array> {
  if (file instanceof File) return new Uint8Array(await file.arrayBuffer());
  if (file.content.length % 4 !== 0 || !BASE64.test(file.content)) throw new AppError('attachment_unreadable');
  return Buffer.from(file.content, 'base64');
}
