import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const RunRecord = z.object({
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.string(),
  projectId: z.string(),
  /** Absent between the record's first write and the spawn: then the nonce alone finds the child. */
  pid: z.number().int().positive().optional(),
  groupId: z.number().int().positive().optional(),
  startTime: z.string().optional(),
});
/** One line of memory per child, on disk so that the next host can clean up after this one. */
export type RunRecord = z.infer<typeof RunRecord>;

export interface RunRecords {
  /** Writes or replaces the record, atomically. Call it before the spawn, and again with the pid. */
  write(record: RunRecord): void;
  remove(nonce: string): void;
  /** Records that can be read; the unreadable are removed. */
  list(): RunRecord[];
}

/** Records in `<folder>/<nonce>.json`. */
export function createRunRecords(folder: string): RunRecords {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (nonce: string) => join(folder, `${nonce}.json`);
  return {
    write(record) {
      const draft = `${fileOf(record.nonce)}.tmp`;
      writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
      renameSync(draft, fileOf(record.nonce));
    },
    remove: (nonce) => rmSync(fileOf(nonce), { force: true }),
    list: () =>
      readdirSync(folder).flatMap((name) => {
        const record = name.endsWith('.json') ? parseRecord(join(folder, name)) : undefined;
        if (!record) rmSync(join(folder, name), { force: true, recursive: true });
        return record ? [record] : [];
      }),
  };
}

function parseRecord(file: string): RunRecord | undefined {
  try {
    return RunRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
