const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "just now", "3 min ago", "2 h ago", "yesterday", "5 days ago", then the date. A time ahead of `nowMs` counts as now. */
export function relativeTime(thenMs: number, nowMs: number): string {
  const agoMs = nowMs - thenMs;
  if (agoMs < 45_000) return 'just now';
  if (agoMs < HOUR_MS) return `${Math.max(1, Math.floor(agoMs / MINUTE_MS))} min ago`;
  if (agoMs < DAY_MS) return `${Math.floor(agoMs / HOUR_MS)} h ago`;
  if (agoMs < 2 * DAY_MS) return 'yesterday';
  if (agoMs < 7 * DAY_MS) return `${Math.floor(agoMs / DAY_MS)} days ago`;
  const sameYear = new Date(thenMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }).format(thenMs);
}

/** "22 November 2025 at 18:44 UTC"; without `timeZone`, in the reader's own. */
export function exactTime(ms: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone ? { timeZone } : {}),
  }).format(ms);
}

/** "0.8 s", "12 s", "1 min 12 s", "1 h 3 min". */
export function duration(ms: number): string {
  const clamped = Math.max(0, ms);
  if (clamped < 9_950) return `${(clamped / 1000).toFixed(1)} s`;
  if (clamped < MINUTE_MS - 500) return `${Math.round(clamped / 1000)} s`;
  if (clamped < HOUR_MS) {
    const seconds = Math.round(clamped / 1000);
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)} min${rest ? ` ${rest} s` : ''}`;
  }
  const minutes = Math.round(clamped / MINUTE_MS);
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** Whole seconds for a running count: "0 s", "12 s", "1 min 12 s". Never jumps backwards through tenths. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}

/** Millionths of a US dollar: "$0", "<$0.001", "$0.012", "$1.20". */
export function money(micros: number): string {
  if (micros <= 0) return '$0';
  if (micros < 1_000) return '<$0.001';
  const dollars = micros / 1_000_000;
  return dollars < 0.9995
    ? `$${dollars.toFixed(3)}`
    : `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** "1 file", "1,204 files". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** "812 B", "4.2 KB", "13 MB" (1 KB = 1,000 B). */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
