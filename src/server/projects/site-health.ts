import { and, eq, isNull, ne, or } from 'drizzle-orm';
import { deployments } from '#server/db/production-tables.ts';
import type { ProjectsContext } from './context.ts';
import { noteChange } from './deployment-rows.ts';
import { withoutOurPaths } from './prepare-release.ts';
import type { SiteHealth } from './site-servers.ts';

const CRASHING = 'server_crashing';
const DETAIL_LENGTH = 8_000;

/** Writes how a live server is into its deployment. It stays the live one: what it waits for may come back. */
export function siteHealth(context: ProjectsContext): SiteHealth {
  const live = (projectId: string, releaseHash: string) =>
    and(eq(deployments.projectId, projectId), eq(deployments.releaseHash, releaseHash), eq(deployments.state, 'running'));

  function write(projectId: string, patch: { errorCode: string | null; errorDetail: string | null }, which: ReturnType<typeof live>): void {
    context.db.transaction(
      (tx) => {
        if (tx.update(deployments).set(patch).where(which).run().changes > 0) noteChange(context, tx, projectId);
      },
      { behavior: 'immediate' },
    );
  }

  return {
    onCrashing(projectId, releaseHash, logTail) {
      const isNew = or(isNull(deployments.errorCode), ne(deployments.errorCode, CRASHING));
      write(
        projectId,
        { errorCode: CRASHING, errorDetail: withoutOurPaths(logTail).slice(-DETAIL_LENGTH) || null },
        and(live(projectId, releaseHash), isNew),
      );
    },
    onWell(projectId, releaseHash) {
      write(projectId, { errorCode: null, errorDetail: null }, and(live(projectId, releaseHash), eq(deployments.errorCode, CRASHING)));
    },
  };
}
