import { ChatCompletionChunk } from './chat-completions.ts';
import type { ChatCompletionRequest, ChatUsage } from './chat-completions.ts';
import { LlmFailure } from './llm-failure.ts';

/** English prose and code come to about four characters a token; only used where a provider doesn't count. */
const CHARACTERS_PER_TOKEN = 4;

/** Dollars per token, as OpenRouter lists them. */
export interface TokenPrice {
  input: number;
  output: number;
}

export interface CallUsage {
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar. */
  costMicros: number;
  /** The provider did not count, so tokens are estimated from the text. */
  estimated: boolean;
}

export interface AnswerMeter {
  /**
   * Reads one `data:` payload.
   *
   * @throws LlmFailure `provider_garbage` when it is no chunk.
   */
  read(data: string): ChatCompletionChunk;
  /** Whether the model said that it is done. */
  finished(): boolean;
  usage(): CallUsage;
}

/** Counts what one answer used, from the provider's own figures where it gives them. */
export function createAnswerMeter(request: ChatCompletionRequest, price: TokenPrice | undefined): AnswerMeter {
  let reported: ChatUsage | undefined;
  let finished = false;
  let outputCharacters = 0;
  let chunks = 0;
  return {
    read(data) {
      const chunk = parseChunk(data);
      chunks += 1;
      reported = chunk.usage ?? reported;
      for (const choice of chunk.choices) {
        finished ||= typeof choice.finish_reason === 'string';
        outputCharacters += charactersOf(choice.delta);
      }
      return chunk;
    },
    finished: () => finished,
    usage() {
      if (reported) return withCost(reported.prompt_tokens, reported.completion_tokens, reported.cost, price, false);
      // Nothing came back: the provider refused before it worked, and charges nothing.
      if (chunks === 0) return { inputTokens: 0, outputTokens: 0, costMicros: 0, estimated: false };
      const inputTokens = Math.ceil(JSON.stringify(request.messages).length / CHARACTERS_PER_TOKEN);
      return withCost(inputTokens, Math.ceil(outputCharacters / CHARACTERS_PER_TOKEN), undefined, price, true);
    },
  };
}

function parseChunk(data: string): ChatCompletionChunk {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (cause) {
    throw new LlmFailure('provider_garbage', { cause });
  }
  const parsed = ChatCompletionChunk.safeParse(json);
  if (!parsed.success) throw new LlmFailure('provider_garbage', { cause: parsed.error });
  return parsed.data;
}

function charactersOf(delta: ChatCompletionChunk['choices'][number]['delta']): number {
  const calls = (delta.tool_calls ?? []).map((call) => (call.function?.name ?? '') + (call.function?.arguments ?? ''));
  const reasoning = typeof delta.reasoning === 'string' ? delta.reasoning : '';
  return (delta.content ?? '').length + reasoning.length + calls.join('').length;
}

function withCost(
  inputTokens: number,
  outputTokens: number,
  costDollars: number | undefined,
  price: TokenPrice | undefined,
  estimated: boolean,
): CallUsage {
  const dollars = costDollars ?? (price ? inputTokens * price.input + outputTokens * price.output : 0);
  return {
    inputTokens: Math.round(inputTokens),
    outputTokens: Math.round(outputTokens),
    costMicros: Math.ceil(dollars * 1e6 - 1e-6),
    estimated,
  };
}
