/** What may be spent. A limit that is reached refuses the next call; the one under way is left to finish. */
export interface TurnLimits {
  maxCallsPerTurn: number;
  /** Input and output together. */
  maxTokensPerTurn: number;
  /** Millionths of a US dollar, as every `…Micros` here. */
  maxCostMicrosPerTurn: number;
  /** In any 24 hours. */
  maxCostMicrosPerProjectDay: number;
  /** In any 24 hours, all projects together. */
  maxCostMicrosPerDay: number;
}

export interface TurnUsage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
}

export interface Spending {
  turn: TurnUsage;
  projectDayCostMicros: number;
  dayCostMicros: number;
}

/** Why the next call may not be made, in words for people, or undefined when it may. */
export function reachedLimit(limits: TurnLimits, spending: Spending): string | undefined {
  const { turn } = spending;
  if (turn.calls >= limits.maxCallsPerTurn) return turnMessage(`${limits.maxCallsPerTurn} calls to the model`);
  if (turn.inputTokens + turn.outputTokens >= limits.maxTokensPerTurn) return turnMessage(`${limits.maxTokensPerTurn} tokens`);
  if (turn.costMicros >= limits.maxCostMicrosPerTurn) return turnMessage(dollars(limits.maxCostMicrosPerTurn));
  if (spending.projectDayCostMicros >= limits.maxCostMicrosPerProjectDay) {
    return dayMessage('This project', limits.maxCostMicrosPerProjectDay);
  }
  if (spending.dayCostMicros >= limits.maxCostMicrosPerDay) return dayMessage('All projects together', limits.maxCostMicrosPerDay);
  return undefined;
}

function turnMessage(what: string): string {
  return `This turn reached its limit of ${what} and was stopped. Raise the limit in Settings, or ask for less at once.`;
}

function dayMessage(who: string, limitMicros: number): string {
  return `${who} spent the limit of ${dollars(limitMicros)} within 24 hours, so the turn was stopped. Raise the limit in Settings, or wait.`;
}

function dollars(micros: number): string {
  return `$${(micros / 1e6).toFixed(micros % 10_000 === 0 ? 2 : 4)}`;
}
