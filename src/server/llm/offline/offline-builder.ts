import type { ChatCompletionRequest, OfflineBuilder } from '../chat-completions.ts';
import { streamAnswer } from './answer-stream.ts';
import type { Answer, ToolUse } from './answer-stream.ts';
import { readConversation } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { answerWithoutTools } from './plain-answers.ts';
import type { Plan } from './plan.ts';
import { planRequest } from './plan-request.ts';
import { ATTACHED, INTRODUCTION, reportFailures } from './words.ts';

/**
 * A builder that follows rules instead of a model, and speaks chat-completions with real tool calls. It keeps nothing between requests: what to do
 * next follows from the conversation alone, so a restart in the middle of an answer loses nothing.
 */
export function createOfflineBuilder(): OfflineBuilder {
  return {
    stream(request, signal) {
      const conversation = readConversation(request);
      return streamAnswer(answerTo(request, conversation), {
        model: request.model,
        callsBefore: conversation.calls,
        includeUsage: request.stream_options?.include_usage === true,
        signal,
      });
    },
  };
}

function answerTo(request: ChatCompletionRequest, conversation: Conversation): Answer {
  const names = new Set((request.tools ?? []).map((tool) => tool.function.name));
  if (!names.has('write') || !names.has('read')) return { text: answerWithoutTools(request), tools: [] };
  const plan = planRequest(conversation, names.has('glob'));
  return answerOf(aboutAttached(plan, conversation.attached), conversation, names.has('glob'));
}

/** What was attached is beyond rules: the answer says so, whatever else it says. */
function aboutAttached(plan: Plan, attached: readonly string[]): Plan {
  if (attached.length === 0 || plan.kind === 'look') return plan;
  if (plan.kind === 'say') return { ...plan, text: `${plan.text}\n\n${ATTACHED}` };
  return { ...plan, summary: `${plan.summary}\n\n${ATTACHED}` };
}

function answerOf(plan: Plan, conversation: Conversation, canList: boolean): Answer {
  const { workspace, reads, listing, changes, introduced } = conversation;
  const absolute = (path: string) => (workspace ? `${workspace}/${path}` : path);
  const started = reads.size > 0 || listing !== undefined;
  const opening = introduced || started ? '' : `${INTRODUCTION}\n\n`;
  if (plan.kind === 'say') return { text: opening + plan.text, tools: [] };
  if (plan.kind === 'look') {
    const tools: ToolUse[] = plan.paths
      .filter((path) => !reads.has(path))
      .map((path) => ({ name: 'read', args: { filePath: absolute(path) } }));
    if (canList && listing === undefined) tools.unshift({ name: 'glob', args: { pattern: 'src/**/*.{astro,json}' } });
    return { text: opening.trim(), tools };
  }
  const done = new Set(changes.map(({ path }) => path));
  const writes = plan.files.filter(({ path }) => !done.has(path));
  if (writes.length > 0) {
    return {
      text: opening + plan.opening,
      tools: writes.map(({ path, content }) => ({ name: 'write', args: { filePath: absolute(path), content } })),
    };
  }
  const failed = changes.filter(({ ok }) => !ok);
  if (failed.length > 0) return { text: reportFailures(failed), tools: [] };
  const left = plan.removed.filter((path) => !done.has(path));
  if (left.length > 0)
    return { text: '', tools: [{ name: 'bash', args: { command: `rm -f ${left.join(' ')}`, description: 'Remove files no page uses' } }] };
  return { text: plan.summary, tools: [] };
}
