import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { instanceSettings } from '#server/db/instance-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';

const dollars = z.number().min(0).max(10_000);

/** What may be spent, as people set it. */
export const SpendingLimits = z.object({
  callsPerTurn: z.number().int().min(1).max(1_000),
  /** Input and output together. */
  tokensPerTurn: z.number().int().min(1_000).max(1_000_000_000),
  dollarsPerTurn: dollars,
  /** In any 24 hours. */
  dollarsPerProjectDay: dollars,
  /** In any 24 hours, all projects together. */
  dollarsPerDay: dollars,
});
export type SpendingLimits = z.infer<typeof SpendingLimits>;

/** An agent sends the whole conversation with every call, so tokens add up quickly; money is the limit that should bite. */
export const defaultLimits: SpendingLimits = {
  callsPerTurn: 100,
  tokensPerTurn: 5_000_000,
  dollarsPerTurn: 2,
  dollarsPerProjectDay: 10,
  dollarsPerDay: 20,
};

/** Every key of `instance_settings` that this room owns, and the shape of its value. */
const shapes = {
  'llm.baseUrl': z.string(),
  /** The origin that the stored key was entered for; it is sent to no other. */
  'llm.keyOrigin': z.string(),
  'llm.lastWorkedAtMs': z.number(),
  'llm.limits': SpendingLimits.partial(),
  'runtime.idleMinutes': z.number().positive(),
} as const;
type Shapes = typeof shapes;

/** The stored value, or undefined when there is none or it no longer fits its shape. */
export function readInstanceSetting<K extends keyof Shapes>(db: Db | Tx, key: K): z.infer<Shapes[K]> | undefined {
  const row = db.select().from(instanceSettings).where(eq(instanceSettings.key, key)).get();
  if (!row) return undefined;
  return shapes[key].safeParse(JSON.parse(row.valueJson)).data as z.infer<Shapes[K]> | undefined;
}

/** Stores a value; null removes it. */
export function writeInstanceSetting<K extends keyof Shapes>(db: Db | Tx, key: K, value: z.infer<Shapes[K]> | null, nowMs: number): void {
  if (value === null) {
    db.delete(instanceSettings).where(eq(instanceSettings.key, key)).run();
    return;
  }
  const row = { valueJson: JSON.stringify(value), updatedAtMs: nowMs };
  db.insert(instanceSettings)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: instanceSettings.key, set: row })
    .run();
}
