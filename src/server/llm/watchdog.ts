/** How long one call to a provider may take, in milliseconds. */
export interface LlmTimeouts {
  /** From the request to the first byte of the answer's body. */
  firstByteMs: number;
  /** Between two bytes, keep-alive comments included. */
  silenceMs: number;
  /** Between two pieces of the answer, whatever else arrives meanwhile. */
  stallMs: number;
  /** The whole answer. */
  totalMs: number;
}

export interface Watchdog {
  signal: AbortSignal;
  /** Any byte arrived. */
  heard(): void;
  /** A piece of the answer arrived. */
  progressed(): void;
  stop(): void;
}

/** Aborts its signal when a provider goes silent, stalls or takes too long overall. */
export function createWatchdog(timeouts: LlmTimeouts): Watchdog {
  const controller = new AbortController();
  const arm = (ms: number) => setTimeout(() => controller.abort(), ms);
  const total = arm(timeouts.totalMs);
  let silence = arm(timeouts.firstByteMs);
  let stall = arm(Math.max(timeouts.firstByteMs, timeouts.stallMs));
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(silence);
      silence = arm(timeouts.silenceMs);
    },
    progressed() {
      clearTimeout(stall);
      stall = arm(timeouts.stallMs);
    },
    stop() {
      for (const timer of [total, silence, stall]) clearTimeout(timer);
    },
  };
}
