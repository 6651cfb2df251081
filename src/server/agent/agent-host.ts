import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import type { SpawnChild } from '#server/spawn.ts';
import { defaultAgentLimits } from './agent-types.ts';
import type { AgentLimits, AgentModel, FoundAnswer, TurnResult } from './agent-types.ts';
import { failureOfError } from './failure.ts';
import { createMessageIds } from './message-id.ts';
import { startOpencode } from './opencode-process.ts';
import type { OpencodeProcess } from './opencode-process.ts';
import { answerOf, createTranscript, turnMessages } from './transcript.ts';
import { runTurn } from './turn.ts';
import type { TurnInput } from './turn.ts';

export interface AgentHostDeps {
  spawnChild: SpawnChild;
  log: Log;
  clock: Clock;
  /** Where the LLM gateway listens, e.g. `http://127.0.0.1:4000/llm/v1`. */
  llmBaseUrl: () => string;
  limits?: Partial<AgentLimits>;
  /** How the agent's server is reached; tests put a fault in between. */
  fetch?: typeof fetch;
}

export interface EnsureStartedInput {
  projectId: string;
  /** Absolute. The agent works in `workspace` and keeps its own things in `agent`. */
  projectDir: string;
  /** What the LLM gateway knows the project by. Another token than the running agent's restarts it. */
  llmToken: string;
  models: readonly AgentModel[];
  signal: AbortSignal;
}

export interface AgentStatus {
  port: number;
  pid: number;
  /** Whether a turn runs. */
  busy: boolean;
  /** Epoch milliseconds of the last sign of life; now, while a turn runs. */
  idleSinceMs: number;
}

/** The coding agents, one opencode server a project. Everything but `ensureStarted` needs the project's agent to run. */
export interface AgentHost {
  /**
   * Starts the project's agent unless it runs and knows the models; restarts it when it does not know them. Calls for one
   * project wait for each other. Conversations survive restarts.
   *
   * @throws Error when it cannot be started, or when the signal aborts. Nothing is left running then.
   */
  ensureStarted(input: EnsureStartedInput): Promise<{ port: number; pid: number }>;
  /** Opens a conversation and returns its id, which the caller keeps for the project's life. */
  createSession(projectId: string, title: string): Promise<string>;
  /** A fresh id for a prompt. Store it before sending. */
  newMessageId(): string;
  /**
   * Sends the prompt, at most once, and streams the answer until it ends. Every fault becomes a `TurnResult`; parts that were
   * open are closed before it resolves. Aborting the signal ends it within `stopMs` and a little, by force if need be.
   *
   * @throws Error when the agent does not run or is busy with another turn.
   */
  runTurn(input: TurnInput & { projectId: string }): Promise<TurnResult>;
  /** After a crash of the host: did this prompt arrive, and what came of it? */
  findAnswer(projectId: string, sessionId: string, messageId: string): Promise<FoundAnswer>;
  /** Stops what the session is doing. A turn that is running ends as stopped. */
  abort(projectId: string, sessionId: string): Promise<void>;
  /** Ends the agent, also while it starts. Resolves once it is gone. */
  stop(projectId: string): Promise<void>;
  stopAll(): Promise<void>;
  status(projectId: string): AgentStatus | undefined;
}

interface Running {
  opencode: OpencodeProcess;
  lastActivityMs: number;
  turns: number;
}

export function createAgentHost(deps: AgentHostDeps): AgentHost {
  const limits = { ...defaultAgentLimits, ...deps.limits };
  const running = new Map<string, Running>();
  const starting = new Map<string, { stop: AbortController; done: Promise<unknown> }>();

  const requireRunning = (projectId: string): Running => {
    const entry = running.get(projectId);
    if (!entry) throw new Error('The agent of this project does not run.');
    entry.lastActivityMs = deps.clock.now();
    return entry;
  };

  const startNew = async (input: EnsureStartedInput, signal: AbortSignal): Promise<Running> => {
    const startedAt = performance.now();
    const log = deps.log.child({ projectId: input.projectId });
    const opencode = await startOpencode(
      { spawnChild: deps.spawnChild, log, limits, fetch: deps.fetch ?? fetch },
      { ...input, llmBaseUrl: deps.llmBaseUrl(), signal },
    );
    const entry = { opencode, lastActivityMs: deps.clock.now(), turns: 0 };
    running.set(input.projectId, entry);
    log.info({ port: opencode.port, pid: opencode.pid, startMs: Math.round(performance.now() - startedAt) }, 'agent started');
    void opencode.child.exited.then(({ exitCode, signal: by }) => {
      if (running.get(input.projectId) === entry) running.delete(input.projectId);
      log.info({ exitCode, by }, 'agent ended');
    });
    return entry;
  };

  const startOrReuse = async (input: EnsureStartedInput, signal: AbortSignal): Promise<Running> => {
    signal.throwIfAborted();
    const entry = running.get(input.projectId);
    if (entry && suits(entry.opencode, input)) return entry;
    if (entry) await entry.opencode.child.stop();
    return startNew(input, signal);
  };

  const stop = async (projectId: string) => {
    const start = starting.get(projectId);
    start?.stop.abort(new Error('The agent was stopped while it started.'));
    await start?.done.catch(() => undefined);
    await running.get(projectId)?.opencode.child.stop();
  };

  return {
    async ensureStarted(input) {
      const before = starting.get(input.projectId)?.done.catch(() => undefined);
      const control = new AbortController();
      const signal = AbortSignal.any([input.signal, control.signal]);
      const done = Promise.resolve(before).then(() => startOrReuse(input, signal));
      const mine = { stop: control, done };
      starting.set(input.projectId, mine);
      try {
        const entry = await done;
        entry.lastActivityMs = deps.clock.now();
        return { port: entry.opencode.port, pid: entry.opencode.pid };
      } finally {
        if (starting.get(input.projectId) === mine) starting.delete(input.projectId);
      }
    },
    createSession: (projectId, title) => requireRunning(projectId).opencode.api.createSession(title),
    newMessageId: createMessageIds(deps.clock),
    async runTurn({ projectId, ...input }) {
      const entry = requireRunning(projectId);
      if (entry.turns > 0) throw new Error('The agent of this project is busy with another turn.');
      entry.turns += 1;
      const touch = () => void (entry.lastActivityMs = deps.clock.now());
      try {
        const log = deps.log.child({ projectId });
        return await runTurn({ opencode: entry.opencode, limits, log, now: () => deps.clock.now(), onActivity: touch }, input);
      } finally {
        entry.turns -= 1;
        touch();
      }
    },
    async findAnswer(projectId, sessionId, messageId) {
      const { opencode } = requireRunning(projectId);
      const messages = await opencode.api.messagesSince(sessionId, messageId);
      const turn = turnMessages(messages, messageId);
      if (turn.length === 0) return { found: false };
      const transcript = createTranscript(messageId, sessionId, opencode, () => undefined);
      transcript.reconcile(messages);
      const answer = answerOf(turn);
      const complete = answer.complete && !(await opencode.api.isBusy(sessionId));
      const error = answer.error && failureOfError(answer.error);
      return { found: true, complete, parts: transcript.parts(), ...(error ? { error } : {}) };
    },
    abort: (projectId, sessionId) => requireRunning(projectId).opencode.api.abort(sessionId, limits.stopMs),
    stop,
    async stopAll() {
      await Promise.all([...new Set([...starting.keys(), ...running.keys()])].map(stop));
    },
    status(projectId) {
      const entry = running.get(projectId);
      if (!entry) return undefined;
      const { port, pid } = entry.opencode;
      return { port, pid, busy: entry.turns > 0, idleSinceMs: entry.turns > 0 ? deps.clock.now() : entry.lastActivityMs };
    },
  };
}

/** Whether a running agent can serve what is asked for as it is. */
function suits(opencode: OpencodeProcess, { models, llmToken }: EnsureStartedInput): boolean {
  const declared = new Set(opencode.models.map(({ id }) => id));
  return opencode.llmToken === llmToken && models.every(({ id }) => declared.has(id));
}
