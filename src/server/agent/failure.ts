import { agentErrorCodes } from './agent-types.ts';
import type { AgentErrorCode, AgentFailure } from './agent-types.ts';
import type { WireError } from './wire.ts';

const messages: Record<AgentErrorCode, string> = {
  provider_unauthorized: 'The AI provider did not accept the key. Enter a valid key in Settings and send your message again.',
  provider_no_credit:
    'The account at the AI provider is out of credit. Add credit there, or choose another model, and send your message again.',
  provider_rate_limited: 'The AI provider is limiting how often it may be asked. Wait a minute and send your message again.',
  provider_unavailable: 'The AI provider has a problem on its side. Try again later, or choose another model.',
  provider_unreachable:
    'The AI provider could not be reached. Check the network and the base URL in Settings, then send your message again.',
  provider_timeout: 'The AI provider stopped answering. What it wrote so far is kept; send your message again, or choose another model.',
  provider_cut_stream:
    'The connection to the AI provider broke in the middle of the answer. What it wrote so far is kept; send your message again to go on.',
  provider_garbage: 'The AI provider sent something that is not a model’s answer. Check the base URL in Settings, or choose another model.',
  provider_refused: 'The AI provider refused the request. Choose another model, or change your message, and try again.',
  provider_context_full:
    'The conversation is longer than this model can read. Choose a model with a larger context and send your message again.',
  provider_not_configured: 'No AI provider is set up. Enter a key in Settings, or choose the offline builder, and send your message again.',
  model_not_found: 'The AI provider does not offer this model. Choose another model and send your message again.',
  model_not_allowed: 'The agent asked for another model than the one chosen for this turn, and was refused. Send your message again.',
  budget_exceeded: 'This turn reached its limit and was stopped. Raise the limit in Settings, or ask for less at once.',
  loop_detected:
    'The agent was repeating a step that cannot succeed, so it was stopped to save money. Say what to do differently and send it.',
  agent_silent: 'The agent stopped answering and was ended. What it did so far is kept; send your message again to go on.',
  agent_crashed: 'The agent stopped unexpectedly. What it did so far is kept; send your message again to go on.',
  turn_too_long: 'The agent worked for as long as it may and was stopped. What it did so far is kept; send a message to go on.',
  prompt_not_delivered: 'The message did not reach the agent. Send it again.',
  unknown: 'The agent could not finish because of an unexpected fault. Send your message again.',
};

const known = new Set<string>(agentErrorCodes);

/** A failure by its code, with the sentence that people read. */
export function failureOf(code: AgentErrorCode): AgentFailure {
  return { code, message: messages[code] };
}

/** What an error of opencode means: the LLM gateway's own code when it carries one, else by HTTP status, else by its words. */
export function failureOfError(error: WireError): AgentFailure {
  if (error.name === 'ProviderAuthError') return failureOf('provider_unauthorized');
  if (error.name === 'ContextOverflowError') return failureOf('provider_context_full');
  if (error.name === 'ContentFilterError') return failureOf('provider_refused');
  const { message, responseBody = '', responseHeaders, statusCode } = error.data;
  const named = responseHeaders?.['x-doce-error'];
  if (named && known.has(named)) return failureOf(named as AgentErrorCode);
  const quoted = codeIn(responseBody) ?? codeIn(message);
  if (quoted) return failureOf(quoted);
  return failureOf((statusCode === undefined ? undefined : codeOfStatus(statusCode)) ?? codeOfWords(message));
}

/** The same for the bare message of a model call that opencode means to repeat. */
export function failureOfRetry(message: string): AgentFailure {
  const code = codeIn(message) ?? codeOfWords(message);
  return failureOf(code === 'unknown' ? 'provider_unavailable' : code);
}

function codeIn(text: string): AgentErrorCode | undefined {
  return agentErrorCodes.find((code) => code !== 'unknown' && text.includes(code));
}

function codeOfStatus(status: number): AgentErrorCode | undefined {
  if (status === 401 || status === 403) return 'provider_unauthorized';
  if (status === 402) return 'provider_no_credit';
  if (status === 429) return 'provider_rate_limited';
  if (status === 408 || status >= 500) return 'provider_unavailable';
  return undefined;
}

function codeOfWords(words: string): AgentErrorCode {
  if (/rate.?limit|too many requests/i.test(words)) return 'provider_rate_limited';
  if (/unable to connect|econnrefused|enotfound|getaddrinfo|failed to fetch/i.test(words)) return 'provider_unreachable';
  if (/closed unexpectedly|terminated|socket|econnreset|connection (lost|error|reset)/i.test(words)) return 'provider_cut_stream';
  if (/tim(ed|e) ?out/i.test(words)) return 'provider_timeout';
  if (/overloaded|unavailable|internal (server )?error/i.test(words)) return 'provider_unavailable';
  return 'unknown';
}
