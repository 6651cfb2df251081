import { splitAttachmentNote } from '#server/attachment-note.ts';
import { textOfMessage } from '../chat-completions.ts';
import type { ChatCompletionRequest, ChatMessage } from '../chat-completions.ts';
import { isFailure, parseGlob, parseRead } from './tool-results.ts';
import type { ReadResult } from './tool-results.ts';

/** Where a conversation stands: what was asked last, and what the agent's tools have answered since. */
export interface Conversation {
  request: string;
  /** Paths of what came with it. */
  attached: string[];
  /** What the person asked before, oldest first. */
  earlier: string[];
  /** Whether the builder has answered a request before this one. */
  introduced: boolean;
  /** Absolute folder of the site; empty when the agent did not say. */
  workspace: string;
  /** Files read for this request, by path in the workspace. */
  reads: Map<string, ReadResult>;
  /** Files there were when the builder looked, if it has. */
  listing: string[] | undefined;
  /** Paths written or removed for this request, in the order of the calls. */
  changes: { path: string; ok: boolean; detail: string }[];
  /** Tool calls so far, for ids that do not repeat. */
  calls: number;
}

interface Call {
  name: string;
  args: Record<string, unknown>;
}

export function readConversation(request: ChatCompletionRequest): Conversation {
  const { messages } = request;
  const asked = messages
    .map((message, index) => ({ index, ...(message.role === 'user' ? promptOf(message) : { text: '', paths: [] }) }))
    .filter(({ text }) => text);
  const last = asked.at(-1);
  const workspace = workspaceOf(messages);
  const conversation: Conversation = {
    request: last?.text ?? '',
    attached: last?.paths ?? [],
    earlier: asked.slice(0, -1).map(({ text }) => text),
    introduced: messages.slice(0, last?.index ?? 0).some((message) => message.role === 'assistant'),
    workspace,
    reads: new Map(),
    listing: undefined,
    changes: [],
    calls: messages.reduce((sum, message) => sum + (message.tool_calls?.length ?? 0), 0),
  };
  collectResults(messages.slice((last?.index ?? -1) + 1), conversation);
  return conversation;
}

function collectResults(messages: readonly ChatMessage[], conversation: Conversation): void {
  const calls = new Map<string, Call>();
  for (const message of messages) {
    for (const call of message.tool_calls ?? []) calls.set(call.id, { name: call.function.name, args: parseArgs(call.function.arguments) });
    if (message.role !== 'tool' || !message.tool_call_id) continue;
    const call = calls.get(message.tool_call_id);
    if (call) collectResult(call, textOfMessage(message), conversation);
  }
}

function collectResult({ name, args }: Call, output: string, conversation: Conversation): void {
  const path = relativeTo(conversation.workspace, String(args.filePath ?? ''));
  if (name === 'read') conversation.reads.set(path, parseRead(output));
  if (name === 'glob') conversation.listing = parseGlob(output, conversation.workspace);
  if (name === 'write') conversation.changes.push({ path, ok: !isFailure(output), detail: output });
  if (name === 'bash') {
    const removed = String(args.command ?? '').match(/(?<=\s)'?src\/[\w./-]+'?/g) ?? [];
    for (const entry of removed) conversation.changes.push({ path: entry.replaceAll("'", ''), ok: !isFailure(output), detail: output });
  }
}

function promptOf(message: ChatMessage): { text: string; paths: string[] } {
  const said = textOfMessage(message).replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '');
  return splitAttachmentNote(said.trim());
}

function workspaceOf(messages: readonly ChatMessage[]): string {
  for (const message of messages) {
    if (message.role !== 'system' && message.role !== 'developer') continue;
    const found = /Working directory:\s*(\S[^\n]*)/.exec(textOfMessage(message))?.[1];
    if (found) return found.trim().replace(/\/$/, '');
  }
  return '';
}

function relativeTo(workspace: string, path: string): string {
  return workspace && path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path;
}

function parseArgs(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
