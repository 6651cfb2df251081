import { z } from 'zod';

/**
 * OpenAI's chat-completions protocol, as far as doce reads it
 * (https://platform.openai.com/docs/api-reference/chat). Everything parses loosely: fields that are not named here pass
 * through untouched.
 */

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const OtherPart = z.looseObject({ type: z.string() });

const ToolCall = z.looseObject({
  id: z.string(),
  type: z.string().default('function'),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(z.union([TextPart, OtherPart]))]).nullish(),
  tool_calls: z.array(ToolCall).nullish(),
  /** On a `tool` message: the call that it answers. */
  tool_call_id: z.string().optional(),
  name: z.string().optional(),
});

const Tool = z.looseObject({
  type: z.string(),
  function: z.looseObject({
    name: z.string(),
    description: z.string().optional(),
    /** JSON Schema of the arguments. */
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});

export const ChatCompletionRequest = z.looseObject({
  model: z.string().min(1).max(300),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(Tool).nullish(),
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;
export type ChatMessage = ChatCompletionRequest['messages'][number];
export type ChatToolCall = z.infer<typeof ToolCall>;

const Usage = z.looseObject({
  prompt_tokens: z.number().nonnegative().catch(0),
  completion_tokens: z.number().nonnegative().catch(0),
  /** US dollars; OpenRouter's addition. */
  cost: z.number().nonnegative().optional().catch(undefined),
});

const DeltaToolCall = z.looseObject({
  index: z.number().int().nonnegative().max(1_000).catch(0),
  id: z.string().nullish(),
  type: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});

const Delta = z.looseObject({
  role: z.string().nullish(),
  content: z.string().nullish(),
  tool_calls: z.array(DeltaToolCall).nullish(),
});

/** One `data:` event of a streamed answer. The last one before `[DONE]` may have no choices and carry the usage. */
export const ChatCompletionChunk = z.looseObject({
  id: z.string().catch(''),
  object: z.literal('chat.completion.chunk').catch('chat.completion.chunk'),
  /** Epoch seconds. */
  created: z.number().catch(0),
  model: z.string().catch(''),
  choices: z.array(z.looseObject({ index: z.number().int().catch(0), delta: Delta.catch({}), finish_reason: z.string().nullish() })),
  usage: Usage.nullish(),
});
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;
export type ChatUsage = z.infer<typeof Usage>;

/** How an OpenAI-compatible server reports a failure, as a body or as a `data:` event. */
export const ChatErrorBody = z.looseObject({
  error: z.union([z.string(), z.looseObject({ message: z.string().optional(), code: z.union([z.string(), z.number()]).nullish() })]),
});
export type ChatErrorBody = z.infer<typeof ChatErrorBody>;

/** Answers a request like a model would, without one. */
export interface OfflineBuilder {
  /**
   * Streams the whole answer: chunks with deltas, the last choice with its `finish_reason`. Ends early, without throwing, once
   * `signal` is aborted.
   */
  stream(request: ChatCompletionRequest, signal: AbortSignal): AsyncIterable<ChatCompletionChunk>;
}

/** Text of a message, whatever form its content has; parts that are not text are left out. */
export function textOfMessage(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return (message.content ?? []).map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('');
}
