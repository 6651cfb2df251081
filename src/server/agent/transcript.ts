import type { TurnPartBody } from '#server/turn-parts.ts';
import type { AgentEvent, AgentPart } from './agent-types.ts';
import { toolBody } from './tool-part.ts';
import type { ToolContext } from './tool-part.ts';
import type { WireError, WireMessage, WireMessages, WirePart } from './wire.ts';

/** One turn's answer as it grows: turns opencode's messages and parts into ours, each once, in order. */
export interface Transcript {
  /** Whether opencode has taken in the prompt. */
  accepted(): boolean;
  message(info: WireMessage): void;
  part(part: WirePart): void;
  delta(delta: { messageID: string; partID: string; delta: string }): void;
  /** Brings the transcript level with what opencode has stored of the session. */
  reconcile(messages: WireMessages): void;
  /** Closes what is still open. Nothing more will come. */
  close(): void;
  parts(): AgentPart[];
}

/** @param messageId The prompt's id; messages of other turns and of sub-agents are left out. */
export function createTranscript(
  messageId: string,
  sessionId: string,
  context: ToolContext,
  onEvent: (event: AgentEvent) => void,
): Transcript {
  const prompts = new Set<string>();
  const answers = new Set<string>();
  const parts = new Map<string, AgentPart>();

  const put = (id: string, body: TurnPartBody) => {
    const before = parts.get(id);
    const part = { id, position: before?.position ?? parts.size, ...body };
    if (before && JSON.stringify(before) === JSON.stringify(part)) return;
    parts.set(id, part);
    onEvent({ type: 'part', part });
  };

  const putText = (kind: 'text' | 'reasoning', id: string, text: string, complete: boolean) => {
    const before = parts.get(id);
    const shown = before && 'text' in before ? before.text : '';
    // What opencode stores of a text lags behind its deltas until the text is complete.
    const longest = complete || text.length >= shown.length ? text : shown;
    if (complete && longest === '' && !before) return;
    put(id, { kind, text: longest, complete });
  };

  const takePart = (part: WirePart) => {
    if (!answers.has(part.messageID)) return;
    if (part.type === 'text' && !part.synthetic) putText('text', part.id, part.text, part.time?.end !== undefined);
    if (part.type === 'reasoning') putText('reasoning', part.id, part.text, part.time?.end !== undefined);
    if (part.type === 'tool') put(part.id, toolBody(part, context));
  };

  const takeMessage = (info: WireMessage) => {
    if (info.sessionID !== sessionId) return;
    if (info.role === 'user') {
      // Further user messages during a turn are opencode's own, written to go on after it shortened the conversation.
      if (info.id === messageId || prompts.size > 0) prompts.add(info.id);
    } else if (prompts.has(info.parentID) && !info.summary) answers.add(info.id);
  };

  return {
    accepted: () => prompts.size > 0,
    message: takeMessage,
    part: takePart,
    delta({ partID, delta }) {
      const part = parts.get(partID);
      if (!part || (part.kind !== 'text' && part.kind !== 'reasoning') || part.complete) return;
      parts.set(partID, { ...part, text: part.text + delta });
      onEvent({ type: 'delta', partId: partID, kind: part.kind, delta });
    },
    reconcile(messages) {
      for (const message of turnMessages(messages, messageId)) {
        takeMessage(message.info);
        for (const part of message.parts) takePart(part);
      }
    },
    close() {
      for (const part of parts.values()) {
        const { id, position: _, ...body } = part;
        if (body.kind === 'tool' && body.state === 'running') put(id, { ...body, state: 'failed', detail: body.detail ?? 'Stopped.' });
        if ((body.kind === 'text' || body.kind === 'reasoning') && !body.complete) put(id, { ...body, complete: true });
      }
    },
    parts: () => [...parts.values()],
  };
}

/** The prompt's message and everything that answers it, oldest first; empty when the prompt is not there. */
export function turnMessages(messages: WireMessages, messageId: string): WireMessages {
  const start = messages.findIndex(({ info }) => info.id === messageId);
  if (start < 0) return [];
  const next = messages.findIndex((message, index) => index > start && isPersonsPrompt(message));
  return messages.slice(start, next < 0 ? undefined : next);
}

/** Not one of those that opencode writes to itself around shortening a conversation. */
function isPersonsPrompt({ info, parts }: WireMessages[number]): boolean {
  if (info.role !== 'user') return false;
  if (parts.some((part) => part.type === 'compaction')) return false;
  return parts.some((part) => part.type === 'text' && !part.synthetic);
}

/** How the answer in a turn's messages stands. `complete`: nothing more will come of it, if the agent is idle. */
export function answerOf(messages: WireMessages): { empty: boolean; complete: boolean; error: WireError | undefined } {
  const answers = messages.flatMap(({ info }) => (info.role === 'assistant' ? [info] : []));
  const last = answers.at(-1);
  return {
    empty: last === undefined,
    complete: last?.time.completed !== undefined && last.finish !== 'tool-calls',
    error: last?.error,
  };
}
