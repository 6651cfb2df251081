import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineJob, done } from '#server/queue/job.ts';
import { makeDatabase } from '../support/database.ts';
import { countersApart } from './counters.ts';
import { setup, turns } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'doce-queue-faults-'));
const template = join(folder, 'template.sqlite');
let files = 0;
beforeAll(() => makeDatabase(template).sqlite.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function setupOnFile(options: Parameters<typeof setup>[0] = {}) {
  const file = join(folder, `${files++}.sqlite`);
  copyFileSync(template, file);
  const host = setup({ file, ...options });
  onTestFinished(() => void host.sqlite.close());
  return { ...host, file };
}

/** A pump that has backed off tries again as time passes. */
async function pass(seconds: number, advance: (ms: number) => void): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    advance(1_000);
    await turns();
  }
}

describe('a full disk', () => {
  const UNLIMITED = 1_073_741_823;
  const large = 'x'.repeat(9_000);

  test.each([0, 2, 4, 9, 18, 25, 40, 70])(
    'with room for %i more pages: what was refused leaves nothing, what was accepted ends once when there is room again',
    async (headroom) => {
      const ran: unknown[] = [];
      const followed: unknown[] = [];
      const host = setupOnFile({
        definitions: [
          defineJob({
            type: 'fault.work',
            payload: z.object({ n: z.number() }).loose(),
            run: async ({ payload: { n }, log }) => {
              ran.push(n);
              log.info('a line that is kept with the attempt');
              return done((tx) => void host.queue.enqueue(tx, { type: 'fault.follow', payload: { n, large } }));
            },
          }),
          defineJob({
            type: 'fault.follow',
            payload: z.object({ n: z.number() }).loose(),
            run: async ({ payload: { n } }) => void followed.push(n),
          }),
        ],
      });
      const { db, sqlite, queue } = host;
      queue.start();
      sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true })) + headroom}`);
      const accepted: number[] = [];
      const refused: unknown[] = [];
      const add = (numbers: number[]) => {
        try {
          db.transaction((tx) => numbers.forEach((n) => queue.enqueue(tx, { type: 'fault.work', payload: { n, large } })), {
            behavior: 'immediate',
          });
          accepted.push(...numbers);
        } catch (error) {
          refused.push(error);
        }
      };
      for (let n = 0; n < 60; n += 3) {
        add([n]);
        add([n + 1, n + 2]);
        await turns();
        expect(sqlite.inTransaction).toBe(false);
      }
      expect(refused.length).toBeGreaterThan(0);
      for (const error of refused) expect(error).toMatchObject({ code: 'SQLITE_FULL' });
      const numbersOf = (type: string) =>
        sqlite
          .prepare<[string], { n: number }>(`SELECT json_extract(payload_json, '$.n') AS n FROM queue_jobs WHERE type = ? ORDER BY n`)
          .all(type)
          .map((row) => row.n);
      expect(numbersOf('fault.work')).toEqual(accepted);

      sqlite.pragma(`max_page_count = ${UNLIMITED}`);
      await pass(10, host.advance);
      await queue.whenIdle();
      expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual(accepted);
      expect(followed.toSorted((a, b) => Number(a) - Number(b))).toEqual(accepted);
      expect(numbersOf('fault.follow')).toEqual(accepted);
      expect(sqlite.prepare(`SELECT count(*) AS n FROM queue_jobs WHERE state <> 'succeeded'`).get()).toEqual({ n: 0 });
      expect(countersApart(sqlite)).toEqual([]);
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    },
  );
});

describe('a database that another connection has locked', () => {
  test('is not written by halves: callers are told, attempts end and jobs begin once it is free', async () => {
    const host = setupOnFile();
    const { file, sqlite, queue, add, holder, state, advance, ran } = host;
    sqlite.pragma('busy_timeout = 1');
    const rival = makeDatabase(file).sqlite;
    onTestFinished(() => void rival.close());
    queue.updateSettings({ concurrency: 3 });
    queue.start();
    const [ends, fails] = [await holder.started(add('work.hold')), await holder.started(add('work.hold'))];
    const waits = add('work.note', { runAtMs: host.clock.now() + 1_000, payload: 'waits' });

    rival.exec('BEGIN IMMEDIATE');
    ends.end();
    fails.fail(new Error('no luck'));
    await pass(30, advance);
    expect(() => add('work.note')).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
    expect(() => queue.cancel(waits)).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
    expect([ends, fails].map(({ context }) => state(context.jobId))).toEqual(['running', 'running']);
    expect([state(waits), ran]).toEqual(['queued', []]);
    rival.exec('COMMIT');

    holder.forget(fails.context.jobId);
    await pass(10, advance);
    const again = await holder.started(fails.context.jobId);
    expect(state(ends.context.jobId)).toBe('succeeded');
    expect(again.context.attempt).toBe(2);
    again.end();
    await queue.whenIdle();
    expect([state(fails.context.jobId), state(waits), ran]).toEqual(['succeeded', 'succeeded', ['waits']]);
    expect(sqlite.prepare('SELECT count(*) AS n FROM queue_jobs').get()).toEqual({ n: 3 });
    expect(countersApart(sqlite)).toEqual([]);
  });
});
