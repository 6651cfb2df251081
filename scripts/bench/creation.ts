import { setTimeout as delay } from 'node:timers/promises';
import { get, headingOf, isGoodPage, untilServed } from './page.ts';
import type { Target } from './page.ts';
import { expectStatus } from './scene.ts';
import type { Scene } from './scene.ts';

export const ASK_EVERY_MS = 20;
/** Rarer while the builder writes: each question makes the dev server render the page. */
const WATCH_EVERY_MS = 50;
const GIVE_UP_MS = 180_000;
const SETTLES_MS = 15_000;

/** The moments of a creation, in the order in which they are expected. */
export const moments = [
  'row written',
  'POST answered',
  'files and packages in place',
  'dev server answers',
  'first live preview',
  'agent ready',
  'prompt sent',
  'first tool call',
  'new content visible',
  'turn done',
] as const;
export type Moment = (typeof moments)[number];

/** Milliseconds from the click to each moment; a moment that never came is absent. */
export interface Creation {
  project: { id: string; slug: string };
  gateway: Target;
  /** The dev server itself. */
  direct: Target;
  turnState: string;
  /** What the preview answers where the new content did not show within 15 s of the turn's end. */
  stuckAt: number | undefined;
  sinceClick: Partial<Record<Moment, number>>;
}

/**
 * What a person leaves between the first keystroke and Enter, at the least: the benched prompt has 46 characters, and whoever
 * types 100 words a minute needs 5.5 s for it.
 */
export const TYPING_MS = 4_000;

/** Does what the dashboard does when somebody begins to type, and lets them type. */
export async function typePrompt({ api }: Scene): Promise<void> {
  await expectStatus(api.call('POST', '/api/projects/spare'), 202);
  await delay(TYPING_MS);
}

/** Creates a project through the API as a browser would, and watches its preview through the gateway until its turn has ended. */
export async function createProject({ app, api, read }: Scene, prompt: string): Promise<Creation> {
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const beganAtMs = Date.now();
  const since = (atMs: number | null | undefined) => (atMs === null || atMs === undefined ? undefined : atMs - beganAtMs);
  const { body } = await expectStatus(api.call('POST', '/api/projects', { prompt, model: 'doce/offline' }), 201);
  const postedAtMs = Date.now();
  const { project } = body as { project: { id: string; slug: string; previewUrl: string } };
  const gateway = { port: app.port, host: new URL(project.previewUrl).host };

  const first = await untilServed(gateway, isGoodPage, { everyMs: ASK_EVERY_MS, signal });
  if (!first) throw new Error(`The preview did not come up within ${GIVE_UP_MS} ms:\n${app.output().slice(-4_000)}`);
  const starterHeading = headingOf(first.answer);
  const turnEnded = new AbortController();
  const changed = untilServed(gateway, (answer) => isGoodPage(answer) && headingOf(answer) !== starterHeading, {
    everyMs: WATCH_EVERY_MS,
    signal: AbortSignal.any([signal, turnEnded.signal]),
  });
  const turn = await untilTurnEnds(read, project.id, signal);
  setTimeout(() => turnEnded.abort(), SETTLES_MS).unref();
  const visible = await changed;

  const row = read<Row>(rowSql, project.id);
  return {
    project,
    gateway,
    direct: { port: row.devPort, host: gateway.host },
    turnState: turn.state,
    stuckAt: visible ? undefined : ((await get(gateway))?.status ?? 0),
    sinceClick: {
      'row written': since(row.createdAtMs),
      'POST answered': since(postedAtMs),
      'files and packages in place': since(row.preparedAtMs),
      'dev server answers': since(row.previewedAtMs),
      'first live preview': since(first.atMs),
      'agent ready': since(agentStartedAtMs(app.output(), project.id)),
      'prompt sent': since(row.promptSentAtMs),
      'first tool call': since(row.firstToolAtMs),
      'new content visible': since(visible?.atMs),
      'turn done': since(turn.finishedAtMs),
    },
  };
}

/** Deletes a project and waits until nothing of it is left, so that the next measurement has the machine to itself. */
export async function deleteProject({ api, read }: Scene, projectId: string): Promise<void> {
  await expectStatus(api.call('DELETE', `/api/projects/${projectId}`), 202);
  const signal = AbortSignal.timeout(30_000);
  while (read('SELECT 1 FROM projects WHERE id = ?', projectId)) {
    signal.throwIfAborted();
    await delay(WATCH_EVERY_MS);
  }
}

interface Row {
  devPort: number;
  createdAtMs: number;
  preparedAtMs: number | null;
  previewedAtMs: number | null;
  promptSentAtMs: number | null;
  firstToolAtMs: number | null;
}

const rowSql = `
  SELECT projects.dev_port AS devPort, turns.created_at_ms AS createdAtMs, projects.prepared_at_ms AS preparedAtMs,
    projects.previewed_at_ms AS previewedAtMs, turns.prompt_sent_at_ms AS promptSentAtMs,
    (SELECT min(created_at_ms) FROM turn_parts WHERE turn_id = turns.id AND kind = 'tool') AS firstToolAtMs
  FROM projects JOIN turns ON turns.project_id = projects.id WHERE projects.id = ?`;

async function untilTurnEnds(
  read: Scene['read'],
  projectId: string,
  signal: AbortSignal,
): Promise<{ state: string; finishedAtMs: number }> {
  const sql = `SELECT state, finished_at_ms AS finishedAtMs FROM turns WHERE project_id = ? AND finished_at_ms IS NOT NULL`;
  for (;;) {
    const turn = read<{ state: string; finishedAtMs: number } | undefined>(sql, projectId);
    if (turn) return turn;
    if (signal.aborted) throw new Error(`The turn did not end within ${GIVE_UP_MS} ms.`);
    await delay(WATCH_EVERY_MS);
  }
}

/** The host logs it, and stores it nowhere. */
function agentStartedAtMs(output: string, projectId: string): number | undefined {
  const line = output.split('\n').find((text) => text.includes('"agent started"') && text.includes(projectId));
  const logged = line === undefined ? undefined : (JSON.parse(line) as { time: number | string }).time;
  return logged === undefined ? undefined : new Date(logged).getTime();
}
