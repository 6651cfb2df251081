import type { LlmErrorCode, LlmFailure } from './llm-failure.ts';

/**
 * How the gateway tells the agent that a call failed. opencode searches messages and bodies for words and numbers
 * ("rate limit", "unavailable", "timeout", 429, 500, …) and then repeats the call for minutes on its own
 * (anomalyco/opencode, packages/opencode/src/session/retry.ts). The gateway has already retried what deserves it, so these texts
 * say nothing that matches; people read the turn's `LlmError` instead, and `x-doce-error` names the code.
 */
const STOPPED = 'doce ended this answer. The reason is shown in the conversation.';

/** The header of a refused call that names the `LlmErrorCode`. */
export const ERROR_HEADER = 'x-doce-error';

export interface WireError {
  status: number;
  headers: Record<string, string>;
  body: { error: { message: string; type: string; code: string } };
}

export function wireErrorOf(failure: LlmFailure): WireError {
  return {
    status: statusOf(failure.code),
    headers: {
      [ERROR_HEADER]: failure.code,
      ...(failure.retryAfterSeconds === undefined ? {} : { 'retry-after': String(failure.retryAfterSeconds) }),
    },
    body: { error: wireBodyOf(failure.code) },
  };
}

function wireBodyOf(code: LlmErrorCode): WireError['body']['error'] {
  // opencode shortens the conversation and goes on when it recognises this one.
  if (code === 'provider_context_full')
    return { message: 'prompt is too long', type: 'invalid_request_error', code: 'context_length_exceeded' };
  return { message: STOPPED, type: 'doce_stopped', code: 'doce_stopped' };
}

/** Terminal for the agent (400), except for the one that passes by itself. */
function statusOf(code: LlmErrorCode): number {
  return code === 'too_many_calls' ? 429 : 400;
}
