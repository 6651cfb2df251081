import { AppError } from '#server/errors.ts';
import { receiveUpload } from '#server/http/receive-upload.ts';
import { ImportFromGit, ImportUpload } from '#server/projects/import-project.ts';
import type { Services } from '#server/services.ts';
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
    const projectId = input
      ? await services.projects.imports.fromGit(ownerId, input)
      : await importUpload(services, ownerId, request, query);
    const project = services.projects.view(ownerId, projectId);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);

async function importUpload(
  { projects }: Services,
  ownerId: string,
  request: Request,
  asked: { name?: string | undefined; filename?: string | undefined },
) {
  const received = await receiveUpload(request, await projects.imports.prepareUploads());
  if (!received) throw new AppError('import_nothing_sent');
  const { file, fileName, fields } = received;
  const input = ImportUpload.safeParse({ name: fields['name'] ?? asked.name, filename: fileName ?? asked.filename });
  return projects.imports.fromUpload(ownerId, file, input.data ?? {});
}
