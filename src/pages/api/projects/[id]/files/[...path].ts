import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { errorAnswer, errorBody } from '#server/http/error-answer.ts';
import { RenameProjectFile, SearchFiles, WriteProjectFile } from '#server/projects/files.ts';
import { endpoint } from '../../../_endpoint.ts';
import { attachment, FileParams, FilesAnswer, FileShape } from '../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'A folder with everything in it, or a file: as text, or with `download=true` as it is. With `q`, where that text occurs.',
    params: FileParams,
    query: SearchFiles,
    response: FilesAnswer,
  },
  async ({ params, query, session, services }) => {
    const { files } = services.projects;
    const path = params.path ?? '';
    if (query.q !== undefined) return { body: await files.search(session.user.id, params.id, query.q) };
    if (query.download) {
      const content = await files.download(session.user.id, params.id, path);
      return attachment(new Uint8Array(content), path.split('/').at(-1) as string);
    }
    const found = await files.read(session.user.id, params.id, path);
    if ('file' in found) return { body: { file: found.file }, headers: { ETag: `"${found.file.hash}"` } };
    return { body: { files: found.folder.entries, isCut: found.folder.isCut } };
  },
);

export const PUT = endpoint(
  {
    auth: 'session',
    summary:
      'Writes a file. With `baseHash` (or If-Match) only over that content, with `null` (or If-None-Match: *) only where nothing is; else 409 with what is there.',
    params: FileParams,
    input: WriteProjectFile,
    response: z.object({ file: z.object({ path: z.string(), hash: z.string() }) }),
  },
  ({ params, input, session, services, edge, request }) => {
    const path = params.path ?? '';
    const baseHash = input.baseHash === undefined ? preconditionOf(request.headers) : input.baseHash;
    const outcome = services.projects.files.write(session.user.id, params.id, path, { ...input, baseHash });
    if (outcome.state === 'written') return { body: { file: { path, hash: outcome.hash } }, headers: { ETag: `"${outcome.hash}"` } };
    const refusal = errorBody(errorAnswer(new AppError('file_changed')), edge.requestId);
    return { status: 409, body: { ...refusal, file: outcome.current && FileShape.parse(outcome.current) } };
  },
);

export const PATCH = endpoint(
  {
    auth: 'session',
    summary: 'Renames or moves a file or folder; never over something.',
    params: FileParams,
    input: RenameProjectFile,
    response: z.object({ file: z.object({ path: z.string() }) }),
  },
  ({ params, input, session, services }) => {
    services.projects.files.rename(session.user.id, params.id, params.path ?? '', input.path);
    return { body: { file: { path: input.path } } };
  },
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Deletes a file, or a folder with what is in it.', params: FileParams },
  async ({ params, session, services }) => {
    await services.projects.files.remove(session.user.id, params.id, params.path ?? '');
    return {};
  },
);

/** What a program says by HTTP's own means (RFC 9110 §13): an ETag, or that nothing may be there. */
function preconditionOf(headers: Headers): string | null | undefined {
  if (headers.get('if-none-match')?.trim() === '*') return null;
  const expected = headers.get('if-match')?.trim();
  return expected === undefined || expected === '*' ? undefined : expected.replaceAll('"', '');
}
