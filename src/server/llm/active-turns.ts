import type { LlmError } from './llm-failure.ts';
import { LlmFailure } from './llm-failure.ts';
import type { TurnUsage } from './turn-limits.ts';

/** More at once than an agent and its helpers need; without it, calls under way could outrun every budget. */
const MAX_PARALLEL_CALLS = 6;

export interface ActiveTurn {
  projectId: string;
  turnId: string;
  /** The only model that this turn may use. */
  model: string;
  /** What it used so far; a call counts from its start. */
  usage: TurnUsage;
  /** Why its last call failed; a success clears it. */
  lastError: LlmError | undefined;
  underWay: Set<AbortController>;
}

export interface ActiveTurns {
  begin(turn: { projectId: string; turnId: string; model: string; usage: TurnUsage }): void;
  find(projectId: string): ActiveTurn | undefined;
  /** Ends the turn and aborts whatever it still has under way. */
  end(projectId: string): ActiveTurn | undefined;
  /** @throws LlmFailure when the project has no turn, the turn another model, or too many calls are under way. */
  require(projectId: string, model: string): ActiveTurn;
  /** Ends every turn; resolves once each call is written down, those of turns that ended before included. */
  endAll(): Promise<void>;
  /** Runs one call as part of a turn: it counts at once, and ends when the turn does. */
  runWithin(turn: ActiveTurn, signal: AbortSignal, run: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

export function createActiveTurns(): ActiveTurns {
  const turns = new Map<string, ActiveTurn>();
  const running = new Set<Promise<void>>();
  function end(projectId: string): ActiveTurn | undefined {
    const turn = turns.get(projectId);
    turns.delete(projectId);
    for (const call of turn?.underWay ?? []) call.abort();
    return turn;
  }
  return {
    begin(turn) {
      end(turn.projectId);
      turns.set(turn.projectId, { ...turn, lastError: undefined, underWay: new Set() });
    },
    find: (projectId) => turns.get(projectId),
    end,
    require(projectId, model) {
      const turn = turns.get(projectId);
      if (!turn) throw new LlmFailure('no_turn_running');
      if (turn.model !== model) throw new LlmFailure('model_not_allowed');
      if (turn.underWay.size >= MAX_PARALLEL_CALLS) throw new LlmFailure('too_many_calls');
      return turn;
    },
    async endAll() {
      for (const projectId of turns.keys()) end(projectId);
      await Promise.allSettled(running);
    },
    async runWithin(turn, signal, run) {
      const controller = new AbortController();
      turn.usage.calls += 1;
      turn.underWay.add(controller);
      const call = run(AbortSignal.any([signal, controller.signal])).finally(() => {
        turn.underWay.delete(controller);
        running.delete(call);
      });
      running.add(call);
      await call;
    },
  };
}
