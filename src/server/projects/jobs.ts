import type { Db, Tx } from '#server/db/open.ts';
import type { ProjectsContext } from './context.ts';

// Each of these is deduplicated: asking twice while the first is queued or running is one job.

export function enqueuePrepare(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'project.prepare', projectId, payload: { projectId }, dedupeKey: `prepare:${projectId}` });
}

export function enqueueStart(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'runtime.start', projectId, payload: { projectId }, dedupeKey: `start:${projectId}` });
}

export function enqueueInstall(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'packages.install', projectId, payload: { projectId }, dedupeKey: `packages:${projectId}` });
}

export function enqueueStop(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'runtime.stop', projectId, payload: { projectId }, dedupeKey: `stop:${projectId}` });
}

export function enqueueDelete(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'project.delete', projectId, payload: { projectId }, dedupeKey: `delete:${projectId}` });
}

export function enqueueSend(context: ProjectsContext, tx: Db | Tx, projectId: string, turnId: string): void {
  context.queue.enqueue(tx, { type: 'turn.send', projectId, payload: { turnId }, dedupeKey: `send:${turnId}` });
}

export function enqueueRecover(context: ProjectsContext, tx: Db | Tx, projectId: string, turnId: string): void {
  context.queue.enqueue(tx, { type: 'turn.recover', projectId, payload: { turnId }, dedupeKey: `recover:${turnId}` });
}
