import { join } from 'node:path';
import { setImmediate as yieldTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** Reads the app's database beside it, as often as one likes. */
export interface Witness {
  /** The newest job of a type that a project has; undefined while there is none. */
  job(projectId: string, type: string): { state: string; attempts: number } | undefined;
  project(projectId: string): { status: string; preparedAtMs: number | null } | undefined;
  /** The newest turn. */
  turn(projectId: string): { state: string; promptSentAtMs: number | null } | undefined;
  /** Types of its jobs that are queued or running. */
  liveJobs(projectId: string): string[];
  close(): void;
}

export function openWitness(dataDir: string): Witness {
  const sqlite = new Database(join(dataDir, 'db.sqlite'), { readonly: true });
  const job = sqlite.prepare('SELECT state, attempts FROM queue_jobs WHERE project_id = ? AND type = ? ORDER BY rowid DESC LIMIT 1');
  const project = sqlite.prepare('SELECT status, prepared_at_ms AS preparedAtMs FROM projects WHERE id = ?');
  const turn = sqlite.prepare(
    'SELECT state, prompt_sent_at_ms AS promptSentAtMs FROM turns WHERE project_id = ? ORDER BY position DESC LIMIT 1',
  );
  const live = sqlite.prepare(`SELECT type FROM queue_jobs WHERE project_id = ? AND state IN ('queued', 'running')`).pluck();
  return {
    job: (projectId, type) => job.get(projectId, type) as ReturnType<Witness['job']>,
    project: (projectId) => project.get(projectId) as ReturnType<Witness['project']>,
    turn: (projectId) => turn.get(projectId) as ReturnType<Witness['turn']>,
    liveJobs: (projectId) => live.all(projectId) as string[],
    close: () => void sqlite.close(),
  };
}

/**
 * Resolves in the moment in which `isThere` is first true, looking all the time.
 *
 * @throws Error when that has not come within `limitMs`.
 */
export async function untilMoment(what: string, isThere: () => boolean, limitMs = 60_000): Promise<void> {
  const until = Date.now() + limitMs;
  while (!isThere()) {
    if (Date.now() > until) throw new Error(`This moment never came: ${what}`);
    await yieldTurn();
  }
}
