import { textOfMessage } from './chat-completions.ts';
import type { ChatMessage, ChatToolCall } from './chat-completions.ts';

/** How often the same fruitless step may be seen before the turn is stopped. */
const LOOP_LENGTH = 3;
const ERROR_START_CHARACTERS = 300;
const LOOKS_LIKE_ERROR =
  /\b(error|exception|failed|failure|fatal|invalid|denied|refused|cannot|could not|unable to|not found|no such|not allowed)\b|ENOENT|EACCES/i;

interface ToolUse {
  tool: string;
  /** The call and its result, word for word. */
  exact: string;
  /** The error it ended with, numbers aside; undefined when it went well. */
  error: string | undefined;
}

/**
 * Tells whether the agent goes round in circles since the user's last message: the same tool call with the same result in three
 * steps in a row, or the same tool failing with the same error in three steps without a success of that tool in between.
 *
 * @returns The tool it is stuck on.
 */
export function findLoop(messages: readonly ChatMessage[]): string | undefined {
  const steps = stepsSinceUser(messages);
  return findRepeatedStep(steps) ?? findRepeatedError(steps);
}

function findRepeatedStep(steps: readonly ToolUse[][]): string | undefined {
  const last = steps.slice(-LOOP_LENGTH);
  if (last.length < LOOP_LENGTH) return undefined;
  return last[0]?.find((use) => last.every((step) => step.some((other) => other.exact === use.exact)))?.tool;
}

function findRepeatedError(steps: readonly ToolUse[][]): string | undefined {
  const runs = new Map<string, { error: string; length: number }>();
  for (const step of steps) {
    for (const [tool, uses] of Map.groupBy(step, (use) => use.tool)) {
      const error = uses.some((use) => use.error === undefined) ? undefined : uses[0]?.error;
      const run = runs.get(tool);
      if (error === undefined) runs.delete(tool);
      else runs.set(tool, { error, length: run?.error === error ? run.length + 1 : 1 });
    }
  }
  const lastTools = new Set(steps.at(-1)?.map((use) => use.tool));
  return [...runs].find(([tool, run]) => run.length >= LOOP_LENGTH && lastTools.has(tool))?.[0];
}

/** One list of tool uses for each assistant message with tool calls. */
function stepsSinceUser(messages: readonly ChatMessage[]): ToolUse[][] {
  const recent = messages.slice(messages.findLastIndex((message) => message.role === 'user') + 1);
  const results = new Map(recent.filter((message) => message.role === 'tool').map((message) => [message.tool_call_id, message]));
  return recent
    .filter((message) => message.role === 'assistant' && (message.tool_calls?.length ?? 0) > 0)
    .map((message) => (message.tool_calls ?? []).map((call) => toolUse(call, results.get(call.id))));
}

function toolUse(call: ChatToolCall, result: ChatMessage | undefined): ToolUse {
  const text = result ? textOfMessage(result).replace(/\s+/g, ' ').trim() : '';
  const { name, arguments: input } = call.function;
  const start = text.slice(0, ERROR_START_CHARACTERS);
  return {
    tool: name,
    exact: JSON.stringify([name, input, text]),
    error: LOOKS_LIKE_ERROR.test(start) ? start.replace(/\d+/g, '#') : undefined,
  };
}
