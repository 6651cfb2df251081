import type { ChatCompletionChunk } from '../chat-completions.ts';

export interface ToolUse {
  name: string;
  args: Record<string, unknown>;
}

/** A whole answer: text first, then the tools to use. */
export interface Answer {
  text: string;
  tools: readonly ToolUse[];
}

export interface AnswerStreamOptions {
  model: string;
  /** Tool calls made before, so that ids stay unique in the conversation. */
  callsBefore: number;
  includeUsage: boolean;
  signal: AbortSignal;
}

const TEXT_PIECE = 24;
const ARGUMENT_PIECE = 1024;
/** Chunks between two breaths, so that a long answer does not hold up the process. */
const BREATH = 16;

/** An answer as chat-completion chunks. Ends early once the signal is aborted. */
export async function* streamAnswer(answer: Answer, options: AnswerStreamOptions): AsyncGenerator<ChatCompletionChunk> {
  const chunk = chunkMaker(options.model);
  let sent = 0;
  for (const made of chunksOf(answer, options, chunk)) {
    if (options.signal.aborted) return;
    yield made;
    if (++sent % BREATH === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (options.includeUsage && !options.signal.aborted) {
    yield { ...chunk({}, null), choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 } };
  }
}

type MakeChunk = (delta: ChatCompletionChunk['choices'][number]['delta'], finish: string | null) => ChatCompletionChunk;

function* chunksOf(answer: Answer, options: AnswerStreamOptions, chunk: MakeChunk): Generator<ChatCompletionChunk> {
  yield chunk({ role: 'assistant', content: '' }, null);
  for (const piece of piecesOf(answer.text, TEXT_PIECE)) yield chunk({ content: piece }, null);
  for (const [index, { name, args }] of answer.tools.entries()) {
    const id = `call_${options.callsBefore + index + 1}`;
    yield chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }, null);
    for (const piece of piecesOf(JSON.stringify(args), ARGUMENT_PIECE))
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, null);
  }
  yield chunk({}, answer.tools.length > 0 ? 'tool_calls' : 'stop');
}

function chunkMaker(model: string): MakeChunk {
  const created = Math.floor(Date.now() / 1000);
  const id = `chatcmpl-offline-${created}`;
  return (delta, finish) => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
}

function* piecesOf(text: string, size: number): Generator<string> {
  const characters = [...text];
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('');
}
