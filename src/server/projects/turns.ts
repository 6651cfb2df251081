import { and, eq, inArray } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { turns } from '#server/db/conversation-tables.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { done } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import { attachmentsJson, SentAttachments } from './attachments.ts';
import type { Attachment } from './attachments.ts';
import type { StagedAttachments } from './attachment-store.ts';
import type { ProjectsContext } from './context.ts';
import { checkPackages } from './packages.ts';
import { PROMPT_LENGTH } from './create-project.ts';
import { deliverAttachments } from './deliver-attachments.ts';
import { enqueueSend, enqueueStart } from './jobs.ts';
import { runLiveTurn, stopLiveTurn } from './live-turns.ts';
import { recordEdits, recordTurn } from './record-version.ts';
import { findLiveTurn, findProject, findTurn, getOwnedProject, nextTurnPosition, projectDirectory } from './rows.ts';
import { changeStatus } from './status.ts';
import { agentSession, startAgent } from './turn-agent.ts';

export const RequestTurn = z.object({
  text: z.string().trim().min(1, 'Say what should change.').max(PROMPT_LENGTH),
  model: z.string().trim().min(1).max(200).optional(),
  attachments: SentAttachments.optional(),
  attachmentsOf: z.string().max(64).optional().describe('Id of an earlier turn of the project, whose files come along once more.'),
});
export type RequestTurn = z.infer<typeof RequestTurn>;

/**
 * Stores a prompt and sees that it is sent: now, or when the one before it has been answered. A sleeping preview is woken.
 *
 * @param staged What came with the prompt, read and written by `ProjectAttachments`.
 * @returns The turn's id.
 * @throws AppError `project_not_found`.
 */
export function requestTurn(
  context: ProjectsContext,
  ownerId: string,
  projectId: string,
  input: RequestTurn,
  staged?: StagedAttachments,
): string {
  const turnId = staged?.turnId ?? nanoid();
  staged?.place(projectDirectory(context.dataDir, getOwnedProject(context.db, ownerId, projectId)));
  context.db.transaction(
    (tx) => {
      const project = getOwnedProject(tx, ownerId, projectId);
      const isFirst = findLiveTurn(tx, project.id) === undefined;
      const model = input.model ?? project.model ?? 'doce/offline';
      tx.insert(turns)
        .values({
          id: turnId,
          projectId: project.id,
          position: nextTurnPosition(tx, project.id),
          text: input.text,
          model,
          attachmentsJson: attachmentsJson(staged?.list),
          createdAtMs: context.clock.now(),
        })
        .run();
      if (model !== project.model) tx.update(projects).set({ model }).where(eq(projects.id, project.id)).run();
      if (isFirst && project.preparedAtMs) enqueueSend(context, tx, project.id, turnId);
      if (project.status === 'stopped' && changeStatus(tx, project.id, 'starting')) enqueueStart(context, tx, project.id);
      context.events.record(tx, 'turn.changed', project.id, { turnId });
      context.events.record(tx, 'project.changed', project.id);
    },
    { behavior: 'immediate' },
  );
  return turnId;
}

/**
 * Stops the answer that is being written and keeps what is there; a prompt that still waits is taken back.
 *
 * @throws AppError `project_not_found`, `no_turn_running`.
 */
export async function stopCurrentTurn(context: ProjectsContext, ownerId: string, projectId: string): Promise<void> {
  const project = getOwnedProject(context.db, ownerId, projectId);
  const turn = findLiveTurn(context.db, project.id);
  if (!turn) throw new AppError('no_turn_running');
  if (await stopLiveTurn(context.liveTurns, project.id)) return;
  finishTurn(context, turn, { state: 'stopped', error: null });
}

/** The next prompt that waits, once none is being answered. */
export function enqueueNextTurn(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  const next = findLiveTurn(tx, projectId);
  if (next?.state === 'queued') enqueueSend(context, tx, projectId, next.id);
}

/**
 * Job `turn.send`: starts the agent, puts what came with the prompt into the workspace, writes down the intent, then sends. Once the
 * message id and `prompt_sent_at_ms` are stored, nothing ever sends this prompt again; what happens after belongs to the live turn, or
 * to `turn.recover`.
 */
export async function sendTurn(context: ProjectsContext, turnId: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const turn = findTurn(context.db, turnId);
  const project = turn && findProject(context.db, turn.projectId);
  if (!turn || !project || turn.state !== 'queued' || project.status === 'deleting') return done();
  let sessionId: string;
  let attachments: Attachment[];
  try {
    // What a person edited since the last version is recorded as theirs, not as the turn's.
    await Promise.all([startAgent(context, project, job.signal), recordEdits(context, project.id)]);
    sessionId = await agentSession(context, findProject(context.db, project.id) ?? project);
    job.signal.throwIfAborted();
    attachments = await deliverAttachments(context, project, turn);
  } catch (error) {
    job.signal.throwIfAborted();
    if (job.attempt < job.maxAttempts) throw error;
    job.log.error({ error }, 'a prompt could not be sent');
    finishTurn(context, turn, { state: 'failed', error: describeStartError(error) });
    return done();
  }
  job.signal.throwIfAborted();
  const sent = writeIntent(context, turn, sessionId, attachments);
  if (sent) runLiveTurn(context, sent, (end) => endTurn(context, sent, end));
  return done();
}

function describeStartError(error: unknown): { code: string; message: string } {
  if (error instanceof AppError && error.code === 'attachments_not_placed') return { code: error.code, message: error.message };
  return { code: 'agent_start_failed', message: 'The coding agent could not be started. Send the message again.' };
}

function writeIntent(context: ProjectsContext, turn: Turn, sessionId: string, attachments: Attachment[]): Turn | undefined {
  const nowMs = context.clock.now();
  const messageId = context.agent.newMessageId();
  return context.db.transaction(
    (tx) => {
      const sent = tx
        .update(turns)
        .set({
          state: 'running',
          agentSessionId: sessionId,
          agentMessageId: messageId,
          promptSentAtMs: nowMs,
          startedAtMs: nowMs,
          attachmentsJson: attachmentsJson(attachments),
        })
        .where(and(eq(turns.id, turn.id), eq(turns.state, 'queued')))
        .returning()
        .get();
      if (!sent) return undefined;
      const first = turn.position === 1 ? { initialPromptSent: true } : {};
      tx.update(projects)
        .set({
          ...first,
          userPromptMessageId: messageId,
          userPromptCompleted: false,
          currentModelProviderID: 'doce',
          currentModelID: turn.model,
        })
        .where(eq(projects.id, turn.projectId))
        .run();
      context.events.record(tx, 'turn.changed', turn.projectId, { turnId: turn.id });
      context.events.record(tx, 'project.changed', turn.projectId);
      return sent;
    },
    { behavior: 'immediate' },
  );
}

/** Takes back the prompts that were not sent, and ends those nobody runs any more, when the project is stopped. */
export function stopWaitingTurns(context: ProjectsContext, tx: Tx, projectId: string): void {
  const stopped = tx
    .update(turns)
    .set({ state: 'stopped', finishedAtMs: context.clock.now() })
    .where(and(eq(turns.projectId, projectId), inArray(turns.state, ['queued', 'running'])))
    .returning({ id: turns.id })
    .all();
  for (const { id } of stopped) context.events.record(tx, 'turn.changed', projectId, { turnId: id });
}

export interface TurnEnd {
  state: 'completed' | 'failed' | 'stopped' | 'needs_attention';
  error: { code: string; message: string } | null;
}

/** Ends a turn that was answered, together with the version that holds what it left. */
export async function endTurn(context: ProjectsContext, turn: Turn, end: TurnEnd): Promise<void> {
  finishTurn(context, turn, end, await recordTurn(context, turn, end.state));
  await checkPackages(context, turn.projectId);
}

/** Ends a turn, once: the first end wins. The next prompt that waits is sent in the same transaction's job. */
export function finishTurn(context: ProjectsContext, turn: Turn, end: TurnEnd, versionHash?: string): void {
  context.db.transaction(
    (tx) => {
      const live = findTurn(tx, turn.id);
      if (!live || (live.state !== 'queued' && live.state !== 'running')) return;
      tx.update(turns)
        .set({
          state: end.state,
          errorCode: end.error?.code ?? null,
          errorMessage: end.error?.message ?? null,
          versionHash: versionHash ?? null,
          finishedAtMs: context.clock.now(),
        })
        .where(eq(turns.id, turn.id))
        .run();
      if (live.state === 'running') {
        const first = turn.position === 1 ? { initialPromptCompleted: true } : {};
        tx.update(projects)
          .set({ ...first, userPromptCompleted: true })
          .where(eq(projects.id, turn.projectId))
          .run();
      }
      enqueueNextTurn(context, tx, turn.projectId);
      context.events.record(tx, 'turn.changed', turn.projectId, { turnId: turn.id });
      context.events.record(tx, 'project.changed', turn.projectId);
    },
    { behavior: 'immediate' },
  );
}
