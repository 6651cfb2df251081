import type { TurnPartBody } from '#server/turn-parts.ts';

/** A model the agent may be asked to use. `id` is what the LLM gateway understands, verbatim; it may contain slashes. */
export interface AgentModel {
  id: string;
  name?: string;
  /** Tokens; the agent shortens the conversation when it comes close. Default 128 000. */
  contextTokens?: number;
  /** Most tokens of one answer. Default 16 000. */
  outputTokens?: number;
  /** Whether pictures that the agent reads are shown to it. */
  seesImages?: boolean;
}

/** A piece of an answer. `id` is stable; `position` counts from 0 in the order of appearance within the turn. */
export type AgentPart = { id: string; position: number } & TurnPartBody;

export type AgentEvent =
  /** A part appeared or changed: replace the one with this id. */
  | { type: 'part'; part: AgentPart }
  /** Text to append to a part that was announced before. */
  | { type: 'delta'; partId: string; kind: 'text' | 'reasoning'; delta: string };

/** Permanent: turns and tests refer to them. */
export const agentErrorCodes = [
  'provider_unauthorized',
  'provider_no_credit',
  'provider_rate_limited',
  'provider_unavailable',
  'provider_unreachable',
  'provider_timeout',
  'provider_cut_stream',
  'provider_garbage',
  'provider_refused',
  'provider_context_full',
  'provider_not_configured',
  'model_not_found',
  'model_not_allowed',
  'budget_exceeded',
  'loop_detected',
  'agent_silent',
  'agent_crashed',
  'turn_too_long',
  'prompt_not_delivered',
  'unknown',
] as const;
export type AgentErrorCode = (typeof agentErrorCodes)[number];

/** Why a turn failed, in words for people: what happened and one next step. */
export interface AgentFailure {
  code: AgentErrorCode;
  message: string;
}

export type TurnResult = { state: 'completed' } | { state: 'stopped' } | ({ state: 'failed' } & AgentFailure);

export type FoundAnswer =
  | { found: false }
  /** `complete`: the agent is through with it, well or not. */
  | { found: true; complete: boolean; parts: AgentPart[]; error?: AgentFailure };

export interface AgentLimits {
  /** From spawn until the agent answers. */
  startMs: number;
  /** Without any event of the session before the agent is probed and the turn ended. */
  silenceMs: number;
  /** Longest turn. */
  turnMs: number;
  /** From a stop until the agent is killed if it has not obeyed. */
  stopMs: number;
  /** One request to the agent's server. */
  requestMs: number;
  /** How often the agent may repeat a model call on its own before the turn is ended, and how long it may wait for one repeat. */
  providerRetries: number;
  providerRetryWaitMs: number;
}

export const defaultAgentLimits: AgentLimits = {
  startMs: 60_000,
  silenceMs: 120_000,
  turnMs: 30 * 60_000,
  stopMs: 2_000,
  requestMs: 30_000,
  providerRetries: 2,
  providerRetryWaitMs: 6_000,
};
