import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { AgentPart, FoundAnswer } from '#server/agent/agent-types.ts';
import { turns } from '#server/db/conversation-tables.ts';
import { projects } from '#server/db/schema.ts';
import { done } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { ProjectsContext } from './context.ts';
import { enqueueDelete, enqueuePrepare, enqueueRecover } from './jobs.ts';
import { findProject, findTurn } from './rows.ts';
import { changeStatus } from './status.ts';
import { startAgent } from './turn-agent.ts';
import { readParts, saveParts } from './turn-parts.ts';
import type { StoredPart } from './turn-parts.ts';
import { endTurn, enqueueNextTurn } from './turns.ts';
import type { TurnEnd } from './turns.ts';

/**
 * Brings every project to a state that is true for a host that just started: nothing runs yet, and whatever a dead host left
 * half done has a job. Call once at boot, after the queue has recovered its rows and before it starts.
 */
export function recoverProjects(context: ProjectsContext): { interruptedTurns: number } {
  return context.db.transaction(
    (tx) => {
      const unsettled = tx
        .select({ id: projects.id, status: projects.status })
        .from(projects)
        .where(inArray(projects.status, ['created', 'starting', 'running', 'stopping', 'deleting']))
        .all();
      for (const project of unsettled) {
        if (project.status === 'created') enqueuePrepare(context, tx, project.id);
        else if (project.status === 'deleting') enqueueDelete(context, tx, project.id);
        else changeStatus(tx, project.id, 'stopped');
      }
      // As after an install that was cancelled: the next start sees what is missing.
      tx.update(projects).set({ packagesState: 'current' }).where(eq(projects.packagesState, 'installing')).run();
      const interrupted = tx.select({ id: turns.id, projectId: turns.projectId }).from(turns).where(eq(turns.state, 'running')).all();
      for (const turn of interrupted) enqueueRecover(context, tx, turn.projectId, turn.id);
      const waiting = tx
        .selectDistinct({ projectId: turns.projectId })
        .from(turns)
        .innerJoin(projects, eq(projects.id, turns.projectId))
        .where(and(eq(turns.state, 'queued'), isNotNull(projects.preparedAtMs)))
        .all();
      for (const { projectId } of waiting) enqueueNextTurn(context, tx, projectId);
      return { interruptedTurns: interrupted.length };
    },
    { behavior: 'immediate' },
  );
}

/** Job `turn.recover`: asks the agent what became of a prompt that was sent before the host died. Nothing is sent again. */
export async function recoverTurn(context: ProjectsContext, turnId: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const turn = findTurn(context.db, turnId);
  const project = turn && findProject(context.db, turn.projectId);
  if (!turn || !project || turn.state !== 'running' || project.status === 'deleting') return done();
  let answer: FoundAnswer;
  try {
    await startAgent(context, project, job.signal);
    answer = await context.agent.findAnswer(project.id, turn.agentSessionId ?? '', turn.agentMessageId ?? '');
  } catch (error) {
    job.signal.throwIfAborted();
    if (job.attempt < job.maxAttempts) throw error;
    job.log.error({ error }, 'the agent could not be asked about an interrupted turn');
    answer = { found: false };
  }
  if (answer.found) saveParts(context, turn.id, keepLongerText(answer.parts, readParts(context.db, [turn.id]).get(turn.id) ?? []));
  await endTurn(context, turn, endOf(answer));
  return done();
}

/** The agent stores streamed text only when it is complete, doce once a second: after a crash ours may be the longer one. */
function keepLongerText(found: AgentPart[], stored: StoredPart[]): AgentPart[] {
  const ours = new Map(stored.map((part) => [part.id, part]));
  return found.map((part) => {
    const kept = ours.get(part.id);
    if (part.kind !== 'text' || kept?.kind !== 'text' || kept.text.length <= part.text.length) return part;
    return { ...part, text: kept.text };
  });
}

function endOf(answer: FoundAnswer): TurnEnd {
  if (!answer.found) {
    const message =
      'doce was interrupted while this was being sent, and it is not certain that it arrived. Look at the site, then send it again if it is missing.';
    return { state: 'needs_attention', error: { code: 'prompt_unconfirmed', message } };
  }
  if (!answer.complete) {
    const message = 'doce was interrupted while this was being written. What was written is kept. Send it again to go on.';
    return { state: 'needs_attention', error: { code: 'interrupted', message } };
  }
  return answer.error ? { state: 'failed', error: answer.error } : { state: 'completed', error: null };
}
