import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** Adds what `.env` in the working directory says to the environment; what is set already wins. */
export function loadEnvironment(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const optionalText = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional());
const optionalUrl = z.preprocess((value) => (value === '' ? undefined : value), z.url({ protocol: /^https?$/ }).optional());
const port = z.coerce.number().int().min(0).max(65_535);

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(4321),
  DOCE_DATA_DIR: z.string().min(1).default('data'),
  DOCE_STORE_DIR: optionalText,
  DB_FILE_NAME: optionalText,
  DOCE_PUBLIC_URL: optionalUrl,
  DOCE_SITES_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default('localhost'),
  DOCE_SITES_PORTS: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z
      .string()
      .regex(/^\d{1,5}-\d{1,5}$/, 'Write the first and the last port, as in 4400-4499.')
      .transform((text) => ({ first: Number(text.split('-')[0]), last: Number(text.split('-')[1]) }))
      .refine(({ first, last }) => first > 0 && first <= last && last <= 65_535, 'The ports go from 1 to 65535, the lower one first.')
      .optional(),
  ),
  DOCE_RUNTIME: z.enum(['process']).default('process'),
  DOCE_SANDBOX: z.enum(['auto', 'off', 'required']).default('auto'),
  DOCE_SPARE: z.enum(['on', 'off']).default('on'),
  DOCE_SETUP_TOKEN: z.preprocess((value) => (value === '' ? undefined : value), z.string().min(16).optional()),
  DOCE_LLM_BASE_URL: optionalUrl,
  DOCE_TRUSTED_PROXY: z.preprocess((value) => (value === '' ? undefined : value), z.string().optional()),
  DOCE_IDLE_MINUTES: z.coerce.number().positive().default(10),
  DOCE_KEEP_JOBS: z.coerce.number().int().min(0).default(100_000),
  DOCE_KEEP_JOBS_DAYS: z.coerce.number().positive().default(14),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** What the environment says, parsed once. Every folder is absolute. */
export interface Config {
  host: string;
  /** 0 lets the system choose; the host then reports the port it got. */
  port: number;
  dataDir: string;
  /** Packages of projects, shared by all of them; must be on the same file system as `dataDir` to be linked, not copied. */
  storeDir: string;
  databaseFile: string;
  /** Origin that browsers use for the app, without a trailing slash; undefined = derived from the request's allowed Host. */
  publicUrl: string | undefined;
  sitesDomain: string;
  /** Each published site also listens on a port of its own from this range; undefined = none does. */
  sitesPorts: { first: number; last: number } | undefined;
  runtime: 'process';
  /** Whether children run under bubblewrap: where it works (`auto`), never, or refuse to start without it. */
  sandbox: 'auto' | 'off' | 'required';
  /** Whether a site is made ready while someone types the prompt for it. */
  spare: 'on' | 'off';
  setupToken: string | undefined;
  llmBaseUrl: string | undefined;
  /** Address of the reverse proxy whose `X-Forwarded-*` headers are believed; undefined = nobody's. */
  trustedProxy: string | undefined;
  idleMs: number;
  /** How many finished jobs the queue's history keeps, and for how long. */
  keepJobs: { keepRows: number; keepMs: number };
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/**
 * Parses the environment. Unknown variables are ignored.
 *
 * @throws Error with one line per variable that is wrong.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right. Correct these and start again:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  const dataDir = resolve(env.DOCE_DATA_DIR);
  const databaseFile = env.DB_FILE_NAME ?? resolve(dataDir, 'db.sqlite');
  return {
    host: env.HOST,
    port: env.PORT,
    dataDir,
    storeDir: resolve(env.DOCE_STORE_DIR ?? join(dataDir, 'store')),
    databaseFile: isAbsolute(databaseFile) ? databaseFile : resolve(databaseFile),
    publicUrl: env.DOCE_PUBLIC_URL?.replace(/\/+$/, ''),
    sitesDomain: env.DOCE_SITES_DOMAIN,
    sitesPorts: env.DOCE_SITES_PORTS,
    runtime: env.DOCE_RUNTIME,
    sandbox: env.DOCE_SANDBOX,
    spare: env.DOCE_SPARE,
    setupToken: env.DOCE_SETUP_TOKEN,
    llmBaseUrl: env.DOCE_LLM_BASE_URL?.replace(/\/+$/, ''),
    trustedProxy: env.DOCE_TRUSTED_PROXY,
    idleMs: env.DOCE_IDLE_MINUTES * 60_000,
    keepJobs: { keepRows: env.DOCE_KEEP_JOBS, keepMs: env.DOCE_KEEP_JOBS_DAYS * 24 * 60 * 60_000 },
    logLevel: env.LOG_LEVEL,
  };
}
