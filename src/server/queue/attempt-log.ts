import { format } from 'node:util';
import type { Clock } from '#server/clock.ts';
import { scrubText } from '#server/log.ts';
import type { Log } from '#server/log.ts';
import { redactText, redactValue } from './redact.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** One line of an attempt's log, scrubbed: safe to store and to show. */
export interface LogLine {
  atMs: number;
  level: LogLevel;
  text: string;
}

/** What one attempt says while it runs. */
export interface AttemptLog {
  /** Writes to the process's log as well. */
  log: Log;
  /** The last 200 lines at `info` and above. */
  lines(): readonly LogLine[];
  /** The same as JSON for `log_json`; null when nothing was said. */
  json(): string | null;
}

export const KEPT_LINES = 200;
const LINE_LIMIT = 600;

/**
 * @param parent Makes the process's log of this attempt; asked when the first line comes, because most attempts say nothing.
 * @param onLine Hears each line as it is said.
 */
export function createAttemptLog(clock: Clock, parent: () => Log, onLine: (line: LogLine) => void): AttemptLog {
  let lines: LogLine[] = [];
  const keep = (level: LogLevel, args: unknown[]) => {
    const line = { atMs: clock.now(), level, text: textOf(args) };
    // Cut back now and then rather than shifted every time.
    if (lines.length >= 2 * KEPT_LINES) lines = lines.slice(-KEPT_LINES);
    lines.push(line);
    onLine(line);
  };
  const kept = () => (lines.length > KEPT_LINES ? lines.slice(-KEPT_LINES) : lines);
  return {
    log: tee(once(parent), keep),
    lines: kept,
    json: () => (lines.length > 0 ? JSON.stringify(kept()) : null),
  };
}

function tee(log: () => Log, keep: (level: LogLevel, args: unknown[]) => void): Log {
  const method = (level: LogLevel) =>
    ((...args: Parameters<Log['info']>) => {
      log()[level](...args);
      keep(level, args);
    }) as Log['info'];
  return {
    debug: ((...args: Parameters<Log['debug']>) => log().debug(...args)) as Log['debug'],
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    child: (fields) =>
      tee(
        once(() => log().child(fields)),
        keep,
      ),
  };
}

function once(make: () => Log): () => Log {
  let made: Log | undefined;
  return () => (made ??= make());
}

/** The message, then the fields as `name=value`. */
function textOf([first, ...rest]: unknown[]): string {
  const text = typeof first === 'string' ? format(first, ...rest) : [format(...rest), fieldsOf(first)].filter(Boolean).join(' ');
  return redactText(scrubText(text)).slice(0, LINE_LIMIT);
}

function fieldsOf(fields: unknown): string {
  if (fields instanceof Error) return `(${fields.message})`;
  if (typeof fields !== 'object' || fields === null) return '';
  return Object.entries(fields)
    .map(([name, value]) => (value instanceof Error ? `(${value.message})` : `${name}=${shown(name, value)}`))
    .join(' ');
}

function shown(name: string, value: unknown): string {
  const [safe] = Object.values(redactValue({ [name]: value }) as Record<string, unknown>);
  return typeof safe === 'string' ? safe : (JSON.stringify(safe) ?? 'undefined');
}
