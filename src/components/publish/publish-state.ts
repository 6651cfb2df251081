import type { DeploymentView, ProductionView } from '#server/projects/deployment-views.ts';
import type { Mood } from '../projects/mood.ts';

/** Production in words, as the panel and its button say it. */
export interface PublishState {
  tone: Mood['tone'];
  words: string;
  /** What the panel's main button does; undefined while something is on its way. */
  action: string | undefined;
  /** The latest attempt, when it failed and nothing was published since. */
  failed: DeploymentView | undefined;
  /** What can be gone back to, the latest first. */
  earlier: DeploymentView[];
  /** What was live last, when nothing is. */
  restartable: DeploymentView | undefined;
}

export function publishStateOf({ live, current, deployments, hasUnpublishedChanges }: ProductionView): PublishState {
  const [latest] = deployments;
  const failed = latest?.state === 'failed' ? latest : undefined;
  const kept = deployments.filter(({ canGoLive }) => canGoLive).sort(byLiveTime);
  const restartable = live ? undefined : kept[0];
  const base = { failed, restartable, earlier: latestOfEach(kept, live) };
  if (current) return { ...base, tone: 'busy', words: current.stateWords, action: undefined };
  if (failed) return { ...base, tone: 'bad', words: 'Failed (nothing changed)', action: 'Publish again' };
  // It stays the live one, and is started again and again.
  if (live?.error) return { ...base, tone: 'bad', words: 'Not answering', action: 'Publish again' };
  if (live) return { ...base, tone: 'live', words: 'Live', action: hasUnpublishedChanges ? 'Publish the changes' : 'Publish again' };
  return restartable
    ? { ...base, tone: 'off', words: 'Stopped', action: 'Publish the latest version' }
    : { ...base, tone: 'off', words: 'Not published', action: 'Publish' };
}

function byLiveTime(a: DeploymentView, b: DeploymentView): number {
  return Date.parse(b.liveAt ?? b.createdAt) - Date.parse(a.liveAt ?? a.createdAt);
}

/** Publications with the same content are one place to go back to. */
function latestOfEach(kept: DeploymentView[], live: DeploymentView | null): DeploymentView[] {
  const seen = new Set([live?.releaseHash]);
  return kept.filter(({ releaseHash }) => !seen.has(releaseHash) && seen.add(releaseHash));
}

/** "version 12 · 4 pages · 120 KB": the parts that are known. */
export function factsOf(
  deployment: DeploymentView,
  format: { counted(count: number, one: string): string; size(bytes: number): string },
): string {
  return [
    deployment.versionNumber === null ? undefined : `version ${deployment.versionNumber}`,
    deployment.pageCount === null ? undefined : format.counted(deployment.pageCount, 'page'),
    // Pages are counted when they are built; a program makes its own.
    deployment.pageCount === null && deployment.sizeBytes !== null ? 'runs a server' : undefined,
    deployment.sizeBytes === null ? undefined : format.size(deployment.sizeBytes),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** What to ask the agent for when publishing failed, or what is live keeps ending. */
export function repairRequest({ failed, live }: { failed: DeploymentView | undefined; live: DeploymentView | null }): string | undefined {
  if (failed)
    return `Publishing failed: ${failed.error?.detail?.split('\n').slice(0, 4).join('\n') ?? failed.error?.message}\nPlease fix it.`;
  if (!live?.error) return undefined;
  const lines = live.error.detail?.trim().split('\n').slice(-12).join('\n') ?? live.error.message;
  return `The published site’s server keeps ending. Its log ends with:\n\n${lines}\n\nFind the cause and fix it.`;
}
