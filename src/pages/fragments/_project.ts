import type { APIContext } from 'astro';
import type { ProjectView } from '#server/projects/views.ts';
import type { Services } from '#server/services.ts';
import { findable } from '../_page.ts';

/** What a fragment of a project begins with; a response when nobody is signed in, or the project is not theirs. */
export function projectOf({
  locals,
  params,
}: Pick<APIContext, 'locals' | 'params'>): { services: Services; ownerId: string; project: ProjectView } | Response {
  const { services, session } = locals;
  if (!session) return new Response(null, { status: 401 });
  const ownerId = session.user.id;
  const project = findable(() => services.projects.view(ownerId, params.id!));
  return project ? { services, ownerId, project } : new Response(null, { status: 404 });
}
