import pino from 'pino';

/** Structured logger: `log.info({ projectId }, 'dev server started')`. One JSON line an event on stdout. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'> & { child(fields: Record<string, unknown>): Log };

const FIELD_LIMIT = 8 * 1024;
const SECRET_KEYS = /key|token|secret|password|passwd|authorization|cookie/i;
const SECRET_VALUES = /\b(sk-[A-Za-z0-9_-]{8,}|Bearer\s+[A-Za-z0-9._~+/-]{8,})/g;
// C0/C1 control characters except tab and newline, and the bidirectional overrides of Trojan Source (CVE-2021-42574).
const UNSAFE_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes text safe to write to a log or show in one: secrets by pattern, control characters, length (8 KiB). */
export function scrubText(text: string): string {
  const clean = text.replace(UNSAFE_CHARACTERS, '').replace(SECRET_VALUES, '[redacted]');
  return clean.length > FIELD_LIMIT ? `${clean.slice(0, FIELD_LIMIT)}… (cut)` : clean;
}

function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (value instanceof Error) return scrub({ type: value.name, message: value.message, stack: value.stack, cause: value.cause }, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => scrub(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_KEYS.test(key) && typeof inner === 'string' ? '[redacted]' : scrub(inner, depth + 1),
    ]),
  );
}

/**
 * The process's logger. Redacts by key name and by value pattern, strips control and bidi characters, caps each field.
 *
 * @param level pino level name (`debug`, `info`, `warn`, `error`, `silent`).
 * @param destination Where the lines go; standard output unless given.
 */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => scrub(fields) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args, method) {
        const last = args.length - 1;
        if (typeof args[last] === 'string') args[last] = scrubText(args[last]);
        method.apply(this, args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
