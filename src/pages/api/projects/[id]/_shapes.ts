import { z } from 'zod';
import { RestoreDetail } from '#server/projects/version-rows.ts';
import { VersionHash } from '#server/projects/versions.ts';
import { versionKinds } from '#server/projects/views.ts';
import { ProjectParams } from '../_shapes.ts';

export const VersionParams = ProjectParams.extend({ hash: VersionHash });
/** The rest of an address as a path; undefined for the folder above everything. */
export const FileParams = ProjectParams.extend({ path: z.string().optional() });
export const VersionFileParams = VersionParams.extend({ path: z.string().optional() });

export const VersionShape = z.object({
  hash: z.string(),
  number: z.number(),
  title: z.string(),
  name: z.string().nullable(),
  kind: z.enum(versionKinds),
  turnId: z.string().nullable(),
  bookmarked: z.boolean(),
  createdAt: z.iso.datetime(),
  files: z.number(),
  added: z.number(),
  removed: z.number(),
  isCurrent: z.boolean(),
  restore: RestoreDetail.nullable(),
});
export const VersionAnswer = z.object({ version: VersionShape });

export const DiffAnswer = z.object({
  diff: z.object({
    from: z.string().nullable(),
    to: z.string(),
    isCut: z.boolean(),
    files: z.array(
      z.object({
        path: z.string(),
        previousPath: z.string().nullable(),
        status: z.enum(['added', 'removed', 'changed', 'renamed']),
        isBinary: z.boolean(),
        added: z.number(),
        removed: z.number(),
        patch: z.string().nullable(),
      }),
    ),
  }),
});

export const FileShape = z.object({
  path: z.string(),
  hash: z.string(),
  sizeBytes: z.number(),
  isBinary: z.boolean(),
  content: z.string().nullable(),
});
const EntryShape = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder', 'link']),
  sizeBytes: z.number(),
  modifiedAtMs: z.number(),
});
const MatchShape = z.object({ path: z.string(), line: z.number(), column: z.number(), text: z.string() });
export const FilesAnswer = z.union([
  z.object({ file: FileShape }),
  z.object({ files: z.array(EntryShape), isCut: z.boolean() }),
  z.object({ matches: z.array(MatchShape), isCut: z.boolean() }),
]);

/** Bytes of a project as something to keep, never to render: on our origin it could do what we can. */
export function attachment(bytes: Uint8Array<ArrayBuffer> | ReadableStream, name: string, type = 'application/octet-stream'): Response {
  const plain = name.replace(/[^\w. -]/g, '_');
  return new Response(bytes, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
  });
}
