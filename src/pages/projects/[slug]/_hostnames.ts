import type { ProjectSettings } from '#server/projects/project-settings.ts';

interface Asked {
  settings: ProjectSettings;
  ownerId: string;
  projectId: string;
}

/** The project's hostnames with their DNS records and, of the one that is asked about, where it leads. */
export async function readHostnames({ settings, ownerId, projectId }: Asked, asked: string | null) {
  const listed = settings.hostnames(ownerId, projectId);
  const isListed = listed.some(({ hostname }) => hostname === asked);
  const [hostnames, found] = await Promise.all([
    Promise.all(listed.map(async (entry) => ({ ...entry, records: await settings.recordsFor(entry.hostname) }))),
    asked !== null && isListed ? settings.checkHostname(ownerId, projectId, asked) : undefined,
  ]);
  return { hostnames, check: found && { hostname: asked as string, found } };
}
