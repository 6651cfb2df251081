import type { Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { NewProject } from '#server/db/schema.ts';
import { freeSlug } from './naming.ts';

/** Writes the row of a new project, whichever way it comes to its files. Its first job and what else belongs to it are the caller's. */
export function insertProject(
  tx: Tx,
  { id, ...given }: Pick<NewProject, 'id' | 'ownerUserId' | 'createdAt' | 'name' | 'prompt' | 'template' | 'model'>,
): void {
  // Ports are written once something listens on them.
  const ports = { devPort: 0, opencodePort: 0 };
  tx.insert(projects)
    .values({ id, ...given, slug: freeSlug(tx, given.name), ...ports, pathOnDisk: `projects/${id}` })
    .run();
}
