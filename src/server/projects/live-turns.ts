import type { AgentEvent, AgentPart, TurnResult } from '#server/agent/agent-types.ts';
import { withAttachmentNote } from '#server/attachment-note.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import { attachmentsOf } from './attachments.ts';
import type { ProjectsContext } from './context.ts';
import { savePart, saveParts } from './turn-parts.ts';
import type { TurnEnd } from './turns.ts';

const SAVE_STREAMED_TEXT_EVERY_MS = 1_000;

interface LiveTurn {
  turnId: string;
  parts: Map<string, AgentPart>;
  stop: AbortController;
  /** What an abort means: a person's Stop, or the host going down. */
  stoppedBy: 'person' | 'host';
  ended: Promise<void>;
}

/** The turns this process is running, one at most a project. */
export type LiveTurns = Map<string, LiveTurn>;

/**
 * Runs a turn whose intent is written down, without anyone waiting: sends the prompt, stores the parts as they come and
 * announces them. It belongs to the server; closing every tab changes nothing.
 */
export function runLiveTurn(context: ProjectsContext, turn: Turn, finish: (end: TurnEnd) => Promise<void>): void {
  const live: LiveTurn = { turnId: turn.id, parts: new Map(), stop: new AbortController(), stoppedBy: 'person', ended: Promise.resolve() };
  context.liveTurns.set(turn.projectId, live);
  live.ended = answer(context, turn, live)
    .then(finish)
    .catch((error: unknown) => context.log.error({ error, turnId: turn.id }, 'the end of a turn could not be stored'))
    .finally(() => context.liveTurns.delete(turn.projectId));
}

/** Stops the project's live turn and waits for its end. False when there is none. */
export async function stopLiveTurn(liveTurns: LiveTurns, projectId: string, stoppedBy: LiveTurn['stoppedBy'] = 'person'): Promise<boolean> {
  const live = liveTurns.get(projectId);
  if (!live) return false;
  live.stoppedBy = stoppedBy;
  live.stop.abort();
  await live.ended;
  return true;
}

async function answer(context: ProjectsContext, turn: Turn, live: LiveTurn): Promise<TurnEnd> {
  const { projectId } = turn;
  const writer = partWriter(context, turn, live);
  context.llm.beginTurn(projectId, { turnId: turn.id, model: turn.model });
  let result: TurnResult;
  try {
    result = await context.agent.runTurn({
      projectId,
      sessionId: turn.agentSessionId ?? '',
      messageId: turn.agentMessageId ?? '',
      text: promptOf(turn),
      model: turn.model,
      signal: live.stop.signal,
      onEvent: writer.take,
    });
  } catch (error) {
    context.log.error({ error, turnId: turn.id }, 'the agent failed a turn');
    result = { state: 'failed', code: 'unknown', message: 'The coding agent failed unexpectedly. Send the message again.' };
  }
  writer.close();
  const { lastError } = await context.llm.endTurn(projectId);
  return toEnd(result, live, lastError);
}

/** What the agent gets: the words as typed, and where it finds what came with them. */
function promptOf(turn: Turn): string {
  const files = attachmentsOf(turn).flatMap(({ path, ...file }) => (path === null ? [] : [{ ...file, path }]));
  return withAttachmentNote(turn.text, files);
}

function toEnd(result: TurnResult, live: LiveTurn, gatewayError: { code: string; message: string } | undefined): TurnEnd {
  if (result.state === 'completed') return { state: 'completed', error: null };
  if (result.state === 'stopped') return live.stoppedBy === 'host' ? hostStopped : { state: 'stopped', error: null };
  // The gateway spoke to the provider itself, so it knows better than the agent why a call failed.
  const { code, message } = gatewayError ?? result;
  return { state: 'failed', error: { code, message } };
}

const hostStopped: TurnEnd = {
  state: 'needs_attention',
  error: {
    code: 'host_stopped',
    message: 'doce was stopped while this was being written. What was written is kept. Send it again to go on.',
  },
};

/** Stores what matters at once and streamed text once a second; announces every piece. */
function partWriter(context: ProjectsContext, turn: Turn, live: LiveTurn) {
  const { projectId } = turn;
  const unsaved = new Set<string>();
  const saveStreamed = () => {
    if (unsaved.size === 0) return;
    saveParts(
      context,
      turn.id,
      [...live.parts.values()].filter((part) => unsaved.has(part.id)),
    );
    unsaved.clear();
  };
  const timer = setInterval(saveStreamed, SAVE_STREAMED_TEXT_EVERY_MS);

  function append(partId: string, kind: 'text' | 'reasoning', delta: string): void {
    const part = live.parts.get(partId);
    if (part?.kind !== 'text' && part?.kind !== 'reasoning') return;
    // A page that was rendered a moment ago may hold some of it already: the offset tells.
    context.events.announce('turn.delta', projectId, { turnId: turn.id, partId, kind, delta, offset: part.text.length });
    part.text += delta;
    unsaved.add(partId);
  }

  return {
    take(event: AgentEvent) {
      if (event.type === 'delta') return append(event.partId, event.kind, event.delta);
      live.parts.set(event.part.id, { ...event.part });
      unsaved.delete(event.part.id);
      savePart(context, turn, event.part);
    },
    close() {
      clearInterval(timer);
      saveStreamed();
    },
  };
}
