import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { projects } from '#server/db/schema.ts';
import type { ProjectsContext } from './context.ts';

/**
 * Gives every published site a port of its own where the configuration asks for that, and takes it away when the site is no longer
 * live. A site keeps its port: the one it got is stored once it was bound.
 *
 * @returns The way to stop following.
 */
export function followSitePorts(context: ProjectsContext): () => void {
  const { ports } = context.production;
  if (!ports.isOn) return () => {};
  const { db } = context;
  const find = (projectId: string) =>
    db
      .select()
      .from(projects)
      .where(and(eq(projects.id, projectId), isNull(projects.deletedAt)))
      .get();

  async function settle(projectId: string): Promise<void> {
    if (!find(projectId)?.productionHash) return ports.close(projectId);
    const before = ports.portOf(projectId);
    const port = await ports.open(projectId, find(projectId)?.productionPort ?? null, () => find(projectId)?.slug ?? '');
    const project = find(projectId);
    if (!project?.productionHash) return ports.close(projectId);
    if (port === undefined || (port === before && project.productionPort === port)) return;
    db.transaction(
      (tx) => {
        tx.update(projects).set({ productionPort: port }).where(eq(projects.id, projectId)).run();
        context.events.record(tx, 'deployment.changed', projectId);
      },
      { behavior: 'immediate' },
    );
  }

  const quietly = (projectId: string) =>
    void settle(projectId).catch((error: unknown) => context.log.error({ error, projectId }, 'a site could not get its port'));
  const unsubscribe = context.events.subscribe(({ kind, projectId }) => {
    if (projectId !== null && (kind === 'deployment.changed' || kind === 'project.deleted')) quietly(projectId);
  });
  // Those that had one first, so that no newcomer takes it.
  const live = db.select({ id: projects.id, port: projects.productionPort }).from(projects).where(isNotNull(projects.productionHash)).all();
  for (const { id } of live.sort((a, b) => Number(a.port === null) - Number(b.port === null))) quietly(id);
  return () => {
    unsubscribe();
    ports.closeAll();
  };
}
