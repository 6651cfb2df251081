import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#server/log.ts';
import type { AgentEvent, AgentFailure, AgentLimits, TurnResult } from './agent-types.ts';
import { followEvents } from './event-stream.ts';
import { failureOf, failureOfError, failureOfRetry } from './failure.ts';
import { OpencodeError } from './opencode-api.ts';
import type { OpencodeProcess } from './opencode-process.ts';
import { answerOf, createTranscript, turnMessages } from './transcript.ts';
import type { Transcript } from './transcript.ts';
import { createWatchdog } from './watchdog.ts';
import type { WireEvent, WireMessages } from './wire.ts';

export interface TurnInput {
  sessionId: string;
  /** From `newMessageId()`, stored by the caller before it calls. */
  messageId: string;
  text: string;
  /** A model's id, as declared to `ensureStarted`. */
  model: string;
  /** Stops the turn. */
  signal: AbortSignal;
  onEvent(event: AgentEvent): void;
}

export interface TurnDeps {
  opencode: OpencodeProcess;
  limits: AgentLimits;
  log: Log;
  now(): number;
  /** Called on every sign of life. */
  onActivity(): void;
}

/** Why the waiting is over. `idle`: the agent is through. `hung`: asking it to stop makes no sense. */
type Ending = { why: 'idle' | 'stopped' | 'crashed' } | { why: 'failed'; failure: AgentFailure; hung?: boolean };
type SessionEvent = Extract<WireEvent, { type: `session.${string}` }>;

const SETTLE_TRIES = 10;
const POLL_MS = 100;

/** Sends one prompt and follows the answer to its end. Never throws for what the agent or its provider does wrong. */
export async function runTurn(deps: TurnDeps, input: TurnInput): Promise<TurnResult> {
  if (input.signal.aborted) return { state: 'stopped' };
  return new Turn(deps, input).run();
}

class Turn {
  readonly #deps: TurnDeps;
  readonly #input: TurnInput;
  readonly #transcript: Transcript;
  readonly #over = new AbortController();
  readonly #ended = Promise.withResolvers<Ending>();
  #sessionError: AgentFailure | undefined;
  #retries = 0;

  constructor(deps: TurnDeps, input: TurnInput) {
    this.#deps = deps;
    this.#input = input;
    this.#transcript = createTranscript(input.messageId, input.sessionId, deps.opencode, input.onEvent);
  }

  async run(): Promise<TurnResult> {
    const { limits, opencode } = this.#deps;
    const watchdog = createWatchdog(limits.silenceMs, () => void this.#onSilence());
    const wall = setTimeout(() => this.#fail('turn_too_long'), limits.turnMs);
    const onStop = () => this.#end({ why: 'stopped' });
    this.#input.signal.addEventListener('abort', onStop, { once: true });
    void opencode.child.exited.then(() => this.#end({ why: 'crashed' }));
    void this.#begin((event) => {
      watchdog.touch();
      this.#onEvent(event);
    });
    try {
      return await this.#conclude(await this.#ended.promise);
    } finally {
      this.#over.abort();
      watchdog.stop();
      clearTimeout(wall);
      this.#input.signal.removeEventListener('abort', onStop);
      this.#transcript.close();
    }
  }

  get #api() {
    return this.#deps.opencode.api;
  }

  #end(ending: Ending): void {
    this.#ended.resolve(ending);
  }

  #fail(code: AgentFailure['code'], hung = false): void {
    this.#end({ why: 'failed', failure: failureOf(code), hung });
  }

  /** Subscribes, then sends: no event of the answer can be missed. */
  async #begin(onEvent: (event: WireEvent) => void): Promise<void> {
    const { log, limits } = this.#deps;
    const subscribed = followEvents({ api: this.#api, log, signal: this.#over.signal, onEvent, onReconnect: () => void this.#afterGap() });
    const first = await Promise.race([
      subscribed.then(
        () => 'subscribed' as const,
        () => 'over' as const,
      ),
      delay(limits.requestMs, 'silent' as const, { signal: this.#over.signal, ref: false }).catch(() => 'over' as const),
    ]);
    if (first === 'silent') this.#fail('agent_silent', true);
    if (first === 'subscribed') await this.#deliver();
  }

  /** Sends once. When nobody knows whether it arrived, it is looked up and never sent again. */
  async #deliver(): Promise<void> {
    try {
      await this.#api.sendPrompt(this.#input);
    } catch (error) {
      this.#deps.log.warn({ error }, 'prompt not accepted');
      if (error instanceof OpencodeError && error.status !== undefined) return this.#fail('prompt_not_delivered');
      const arrived = await this.#lookUp().catch(() => 'unknown' as const);
      if (arrived === 'unknown') this.#fail('agent_silent', true);
      if (arrived === false) this.#fail('prompt_not_delivered');
    }
  }

  async #lookUp(): Promise<boolean> {
    for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
      if (await this.#api.hasMessage(this.#input.sessionId, this.#input.messageId)) return true;
      await delay(POLL_MS);
    }
    return false;
  }

  #onEvent(event: WireEvent): void {
    if (event.type === 'server.heartbeat' || event.type === 'server.connected') return;
    this.#deps.onActivity();
    if (event.type === 'message.updated') this.#transcript.message(event.properties.info);
    else if (event.type === 'message.part.updated') this.#transcript.part(event.properties.part);
    else if (event.type === 'message.part.delta') this.#transcript.delta(event.properties);
    else if (event.type === 'permission.asked') this.#answer(this.#api.refusePermission(event.properties.id));
    else if (event.type === 'question.asked') this.#answer(this.#api.rejectQuestion(event.properties.id));
    else if (event.properties.sessionID === this.#input.sessionId) this.#onSessionEvent(event);
  }

  #answer(answer: Promise<void>): void {
    answer.catch((error: unknown) => this.#deps.log.warn({ error }, 'agent request not answered'));
  }

  #onSessionEvent(event: SessionEvent): void {
    if (event.type === 'session.idle' && this.#transcript.accepted()) this.#end({ why: 'idle' });
    if (event.type === 'session.error' && event.properties.error) {
      this.#sessionError = failureOfError(event.properties.error);
      // A prompt that fails before the model is asked is followed by no `session.idle`.
      void this.#endIfIdle().catch(() => undefined);
    }
    if (event.type === 'session.status' && event.properties.status.type === 'retry') this.#onRetry(event.properties.status);
  }

  /** The gateway has already retried what deserves it; opencode by itself would go on for minutes. */
  #onRetry({ message, next }: { message: string; next: number }): void {
    const { limits, now } = this.#deps;
    this.#retries += 1;
    const enough = this.#retries > limits.providerRetries || next - now() > limits.providerRetryWaitMs;
    if (enough) this.#end({ why: 'failed', failure: failureOfRetry(message) });
  }

  async #endIfIdle(): Promise<void> {
    if (!(await this.#api.isBusy(this.#input.sessionId))) this.#end({ why: 'idle' });
  }

  async #afterGap(): Promise<void> {
    try {
      await this.#api.refuseAllPending();
      await this.#reconcile();
      if (this.#transcript.accepted()) await this.#endIfIdle();
    } catch (error) {
      this.#deps.log.warn({ error }, 'agent transcript not reconciled');
    }
  }

  /** Probes a silent agent. A tool at work may be silent for long: it has its own time limit. */
  async #onSilence(): Promise<void> {
    const toolRuns = this.#transcript.parts().some((part) => part.kind === 'tool' && part.state === 'running');
    const busy = await this.#api.isBusy(this.#input.sessionId, this.#deps.limits.stopMs).catch(() => undefined);
    if (busy && toolRuns) return;
    if (busy === false && this.#transcript.accepted()) this.#end({ why: 'idle' });
    else this.#fail('agent_silent', busy === undefined);
  }

  async #conclude(ending: Ending): Promise<TurnResult> {
    if (ending.why === 'idle') return this.#settle();
    if (ending.why === 'crashed') return { state: 'failed', ...failureOf('agent_crashed') };
    await this.#halt(ending.why === 'failed' && ending.hung === true);
    return ending.why === 'failed' ? { state: 'failed', ...ending.failure } : { state: 'stopped' };
  }

  /** Reads the stored answer, which lags behind the events for a moment, and tells how it ended. */
  async #settle(): Promise<TurnResult> {
    try {
      for (let tries = 1; ; tries += 1) {
        const answer = answerOf(await this.#reconcile());
        if (answer.complete || tries === SETTLE_TRIES || (answer.empty && this.#sessionError)) return this.#resultOf(answer);
        await delay(POLL_MS);
      }
    } catch (error) {
      this.#deps.log.warn({ error }, 'agent answer not read');
      return { state: 'failed', ...failureOf('agent_crashed') };
    }
  }

  #resultOf({ error, complete }: ReturnType<typeof answerOf>): TurnResult {
    if (error?.name === 'MessageAbortedError') return { state: 'stopped' };
    if (error) return { state: 'failed', ...failureOfError(error) };
    if (this.#sessionError) return { state: 'failed', ...this.#sessionError };
    return complete ? { state: 'completed' } : { state: 'failed', ...failureOf('unknown') };
  }

  /** Makes the agent stop within `stopMs`: asks, watches, and ends the process when it does not obey. */
  async #halt(hung: boolean): Promise<void> {
    const { limits, opencode, log } = this.#deps;
    const deadline = performance.now() + limits.stopMs;
    const left = () => Math.max(1, Math.round(deadline - performance.now()));
    try {
      if (hung) throw new OpencodeError('The agent hangs', undefined);
      await this.#api.abort(this.#input.sessionId, left());
      while (await this.#api.isBusy(this.#input.sessionId, left())) await delay(POLL_MS);
      await this.#reconcile(left());
    } catch (error) {
      log.warn({ error }, 'agent did not stop when asked and is ended');
      await opencode.child.stop(0);
    }
  }

  async #reconcile(timeoutMs?: number): Promise<WireMessages> {
    const messages = await this.#api.messagesSince(this.#input.sessionId, this.#input.messageId, timeoutMs);
    this.#transcript.reconcile(messages);
    return turnMessages(messages, this.#input.messageId);
  }
}
