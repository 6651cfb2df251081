import type { ChatCompletionChunk } from './chat-completions.ts';

interface FoldedToolCall {
  id: string;
  type: string;
  function: { name: string; arguments: string };
}

/** Puts a stream together into the one body that a request without `stream` is answered with. */
export function foldChunks(chunks: readonly ChatCompletionChunk[]): Record<string, unknown> {
  const first = chunks[0];
  let content = '';
  let finishReason: string | null = null;
  const toolCalls: FoldedToolCall[] = [];
  for (const choice of chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === 0)) {
    content += choice.delta.content ?? '';
    finishReason = choice.finish_reason ?? finishReason;
    for (const delta of choice.delta.tool_calls ?? []) {
      const call = (toolCalls[delta.index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
      call.id ||= delta.id ?? '';
      call.function.name += delta.function?.name ?? '';
      call.function.arguments += delta.function?.arguments ?? '';
    }
  }
  const message = { role: 'assistant', content: content === '' && toolCalls.length > 0 ? null : content };
  return {
    id: first?.id ?? '',
    object: 'chat.completion',
    created: first?.created ?? 0,
    model: first?.model ?? '',
    choices: [
      {
        index: 0,
        message: toolCalls.length > 0 ? { ...message, tool_calls: toolCalls.filter(Boolean) } : message,
        finish_reason: finishReason,
      },
    ],
    usage: chunks.findLast((chunk) => chunk.usage)?.usage ?? null,
  };
}
