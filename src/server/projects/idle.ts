import { eq } from 'drizzle-orm';
import { projects } from '#server/db/schema.ts';
import type { ProjectsContext } from './context.ts';
import { stopPreviewLater } from './preview.ts';
import { findLiveTurn } from './rows.ts';

const SWEEP_EVERY_MS = 30_000;

/** Who has used a project lately. Kept in memory: after a restart nothing runs that could be idle. */
export interface Activity {
  /** Something asked for the project: a request for its preview, an open page. */
  touch(projectId: string): void;
  lastAtMs(projectId: string): number;
  forget(projectId: string): void;
}

export function createActivity(nowMs: () => number): Activity {
  const lastUse = new Map<string, number>();
  return {
    touch: (projectId) => void lastUse.set(projectId, nowMs()),
    lastAtMs: (projectId) => lastUse.get(projectId) ?? 0,
    forget: (projectId) => void lastUse.delete(projectId),
  };
}

export interface IdleSweepOptions {
  activity: Activity;
  /** Viewers of a preview right now: open sockets and streams. */
  viewers(projectId: string): number;
}

/** Stops previews and agents that nobody has used for the configured time. */
export function startIdleSweep(context: ProjectsContext, options: IdleSweepOptions): { stop(): void } {
  const timer = setInterval(() => sweepIdleProjects(context, options), SWEEP_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** One round. A project is in use while a turn runs, a page or the preview is open, or something asked for it lately. */
export function sweepIdleProjects(context: ProjectsContext, { activity, viewers }: IdleSweepOptions): void {
  const idleMs = context.settings.idleMinutes() * 60_000;
  const nowMs = context.clock.now();
  const awake = context.db.select({ id: projects.id }).from(projects).where(eq(projects.status, 'running')).all();
  for (const { id } of awake) {
    if (findLiveTurn(context.db, id) || viewers(id) > 0 || context.events.listeners(id) > 0) {
      activity.touch(id);
      continue;
    }
    const usedAtMs = Math.max(
      activity.lastAtMs(id),
      context.runtime.devServer(id)?.startedAtMs ?? 0,
      context.agent.status(id)?.idleSinceMs ?? 0,
    );
    if (nowMs - usedAtMs < idleMs) continue;
    context.log.info({ projectId: id }, 'nobody is using the preview: stopping it');
    activity.forget(id);
    stopPreviewLater(context, id);
  }
}
