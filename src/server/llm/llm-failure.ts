const messages = {
  provider_unauthorized: 'The AI provider did not accept the key. Enter a valid key in Settings and send your message again.',
  provider_no_credit:
    'The account at the AI provider is out of credit. Add credit there, or choose another model, and send your message again.',
  provider_rate_limited: 'The AI provider is limiting how often it may be asked. Wait a minute and send your message again.',
  provider_unavailable: 'The AI provider has a problem on its side and three tries did not help. Try again later, or choose another model.',
  provider_unreachable:
    'The AI provider could not be reached. Check the network and the base URL in Settings, then send your message again.',
  provider_timeout: 'The AI provider stopped answering. What it wrote so far is kept; send your message again, or choose another model.',
  provider_cut_stream:
    'The connection to the AI provider broke in the middle of the answer. What it wrote so far is kept; send your message again to go on.',
  provider_garbage:
    'The AI provider sent something that is not a model’s answer. Check the base URL in Settings, or choose another model, and try again.',
  provider_refused: 'The AI provider refused the request. Choose another model, or change your message, and try again.',
  provider_context_full:
    'The conversation is longer than this model can read. Choose a model with a larger context and send your message again.',
  model_not_found: 'The AI provider does not offer this model. Choose another model and send your message again.',
  model_not_allowed: 'The agent asked for another model than the one chosen for this turn, and was refused. Send your message again.',
  provider_not_configured: 'No AI provider is set up. Enter a key in Settings, or choose the offline builder, and send your message again.',
  no_turn_running: 'The agent asked for a model while no turn was running, and was refused. Send your message again.',
  budget_exceeded: 'This turn reached its limit and was stopped. Raise the limit in Settings, or ask for less at once.',
  loop_detected:
    'The agent was repeating a step that cannot succeed, so it was stopped to save money. Say what to do differently and send it.',
  too_many_calls: 'The agent asked for too many answers at the same time, and one was refused. Send your message again.',
  offline_builder_failed: 'The offline builder ran into a fault of its own. Send your message again in other words.',
  gateway_failed: 'doce had a problem of its own while it asked the model. Send your message again.',
  stopped: 'The answer was stopped. Send your message again when you are ready.',
} as const;

/** Permanent: `llm_calls.outcome`, turns and tests refer to them. */
export type LlmErrorCode = keyof typeof messages;

/** Why a model call did not end well, in words for people: what happened and one next step. */
export interface LlmError {
  code: LlmErrorCode;
  message: string;
  /** When the provider said how long to wait. */
  retryAfterSeconds?: number;
}

export interface LlmFailureDetails {
  message?: string;
  /** What the provider answered with. */
  httpStatus?: number;
  retryAfterSeconds?: number;
  /** The provider's own words, already scrubbed by `providerWords`. */
  words?: string | undefined;
  cause?: unknown;
}

/** Thrown inside the gateway; becomes an `LlmError` for people and a wire error for the agent. */
export class LlmFailure extends Error {
  override readonly name = 'LlmFailure';
  readonly code: LlmErrorCode;
  readonly httpStatus: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly words: string | undefined;

  constructor(code: LlmErrorCode, details: LlmFailureDetails = {}) {
    super(details.message ?? messageFor(code, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.httpStatus = details.httpStatus;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.words = details.words;
  }

  toError(): LlmError {
    return {
      code: this.code,
      message: this.message,
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
    };
  }
}

function messageFor(code: LlmErrorCode, details: LlmFailureDetails): string {
  if (code === 'provider_rate_limited' && details.retryAfterSeconds !== undefined) {
    const seconds = details.retryAfterSeconds;
    return `The AI provider is limiting how often it may be asked. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'} and send your message again.`;
  }
  const quotes = code === 'provider_refused' || code === 'model_not_found';
  return quotes && details.words ? `${messages[code]} It said: “${details.words}”` : messages[code];
}

const CONTEXT_FULL =
  /context[ _-]?(length|window|size)|maximum context|prompt is too long|too many (input )?tokens|exceeds? the (available )?context/i;
const MODEL_MISSING =
  /model[^.]{0,80}(not found|does not exist|not (a )?valid|unknown|no endpoints|not available|not loaded)|no endpoints found|not a valid model/i;

/** Which failure an HTTP status (or the numeric `code` in an error event) of a provider is. */
export function failureCodeOf(httpStatus: number, words: string | undefined): LlmErrorCode {
  if (httpStatus === 402) return 'provider_no_credit';
  if (httpStatus === 429) return 'provider_rate_limited';
  if (httpStatus === 401) return 'provider_unauthorized';
  // OpenRouter answers 403 for a flagged prompt as well: https://openrouter.ai/docs/api/reference/errors-and-debugging
  if (httpStatus === 403) return /moderation|flagged|guardrail/i.test(words ?? '') ? 'provider_refused' : 'provider_unauthorized';
  if (httpStatus === 408 || httpStatus >= 500) return 'provider_unavailable';
  if (CONTEXT_FULL.test(words ?? '') || httpStatus === 413) return 'provider_context_full';
  if (httpStatus === 404 || MODEL_MISSING.test(words ?? '')) return 'model_not_found';
  if (httpStatus >= 400) return 'provider_refused';
  return 'provider_garbage';
}

/** Seconds of a `Retry-After` header: a number or an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterSeconds(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
