import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { receiveUpload } from '#server/http/receive-upload.ts';
import { ImportFromGit, ImportUpload } from '#server/projects/import-project.ts';
import type { ProjectImports } from '#server/projects/import-project.ts';
import { endpoint } from '../_endpoint.ts';
import { ProjectAnswer, ProjectShape } from './_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Creates a project from a public git repository, or from a ZIP that is sent as the body or as the file of a form.',
    input: ImportFromGit,
    query: ImportUpload,
    upload: true,
    response: ProjectAnswer,
    status: 201,
    page: () => '/?import=',
  },
  async ({ input, query, request, session, services }) => {
    const ownerId = session.user.id;
    const { imports } = services.projects;
    const projectId = input ? await imports.fromGit(ownerId, input) : await importUpload(imports, ownerId, request, query);
    const project = services.projects.view(ownerId, projectId);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);

/** The form of a page without scripts has both fields; the one that is filled counts. */
async function importUpload(imports: ProjectImports, ownerId: string, request: Request, asked: z.output<typeof ImportUpload>) {
  const { file, fileName, fields } = await receiveUpload(request, await imports.prepareUploads());
  const name = fields['name'] ?? asked.name;
  if (file) return imports.fromUpload(ownerId, file, ImportUpload.safeParse({ name, filename: fileName ?? asked.filename }).data ?? {});
  const fromGit = ImportFromGit.safeParse({ gitUrl: fields['gitUrl'], name });
  if (!fromGit.success) throw new AppError('import_nothing_sent');
  return imports.fromGit(ownerId, fromGit.data);
}
