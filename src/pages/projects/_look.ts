import type { LookView } from '../../components/versions/look-view.ts';
import { describeVersion } from '../../components/versions/version-words.ts';
import { AppError } from '#server/errors.ts';
import type { Projects } from '#server/projects/projects.ts';
import { VersionHash } from '#server/projects/versions.ts';
import type { ProjectView } from '#server/projects/views.ts';

/** The version that the address wants in the place of the live preview; undefined when it names none of the project's. */
export function readLook(
  projects: Pick<Projects, 'versions' | 'versionPreviews'>,
  ownerId: string,
  project: ProjectView,
  words: URLSearchParams,
): LookView | undefined {
  const hash = VersionHash.safeParse(words.get('look')).data;
  if (hash === undefined) return undefined;
  try {
    const version = projects.versions.view(ownerId, project.id, hash);
    const now = projects.versions.list(ownerId, project.id, { limit: 1 }).versions[0];
    return {
      version,
      words: describeVersion(version, project.turns.find(({ id }) => id === version.turnId)?.state),
      preview: projects.versionPreviews.view(ownerId, project.id, hash),
      isWhatIsThere: version.isCurrent || now?.restore?.restoredFrom === hash,
      isBusy: project.turnState === 'running',
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_not_found') return undefined;
    throw error;
  }
}
