/** Fires when nothing has touched it for a while. Armed at once. */
export interface Watchdog {
  touch(): void;
  stop(): void;
}

/** @param onSilence Called each time `silenceMs` pass without a touch. */
export function createWatchdog(silenceMs: number, onSilence: () => void): Watchdog {
  const timer = setTimeout(() => {
    timer.refresh();
    onSilence();
  }, silenceMs);
  timer.unref();
  return { touch: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
