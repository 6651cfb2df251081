import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEvents } from '#server/events/events.ts';
import type { DoceEvent } from '#server/events/events.ts';
import { createLog } from '#server/log.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';

function setup() {
  const { db, sqlite } = makeDatabase();
  const log = createLog('silent');
  const clock = makeClock();
  return { db, sqlite, events: createEvents({ db, clock, log }), reopen: () => createEvents({ db, clock, log }) };
}

test('listeners hear a committed change once, in order, and nothing of a rolled-back one', async () => {
  const { db, events } = setup();
  const heard: DoceEvent[] = [];
  events.subscribe((event) => heard.push(event));
  expect(() =>
    db.transaction(
      (tx) => {
        events.record(tx, 'project.changed', 'lost');
        throw new Error('rolled back');
      },
      { behavior: 'immediate' },
    ),
  ).toThrow('rolled back');
  db.transaction(
    (tx) => {
      events.record(tx, 'project.changed', 'p1');
      events.record(tx, 'turn.changed', 'p1', { turnId: 't1' });
      expect(heard).toEqual([]);
    },
    { behavior: 'immediate' },
  );
  await nextTurn();
  expect(heard.map((event) => [event.kind, event.projectId])).toEqual([
    ['project.changed', 'p1'],
    ['turn.changed', 'p1'],
  ]);
  expect(events.since(0)).toEqual(heard);
});

test('a listener of one project hears that project and what concerns everyone', async () => {
  const { db, events } = setup();
  const heard: DoceEvent[] = [];
  const stop = events.subscribe((event) => heard.push(event), 'p1');
  expect(events.listeners('p1')).toBe(1);
  events.record(db, 'project.changed', 'p2');
  events.record(db, 'project.changed', null);
  events.announce('turn.delta', 'p1', { delta: 'a' });
  await nextTurn();
  expect(heard.map((event) => event.kind)).toEqual(['turn.delta', 'project.changed']);
  expect(events.since(0, 'p1')?.map((event) => event.kind)).toEqual(['project.changed']);
  stop();
  expect(events.listeners('p1')).toBe(0);
});

test('a listener that throws does not silence the others', async () => {
  const { db, events } = setup();
  const heard: string[] = [];
  events.subscribe(() => {
    throw new Error('broken tab');
  });
  events.subscribe((event) => heard.push(event.kind));
  events.record(db, 'project.changed', null);
  await nextTurn();
  expect(heard).toEqual(['project.changed']);
});

test('replay says when it has a gap: pruned events, or ids of another database', async () => {
  const { db, sqlite, events, reopen } = setup();
  for (let index = 0; index < 5; index++) events.record(db, 'project.changed', null);
  await nextTurn();
  expect(events.since(2)?.map((event) => event.id)).toEqual([3, 4, 5]);
  expect(events.since(6)).toBeUndefined();
  sqlite.exec('DELETE FROM events WHERE id <= 3');
  expect(events.since(2)).toBeUndefined();
  expect(events.since(3)?.map((event) => event.id)).toEqual([4, 5]);
  expect(reopen().latestId()).toBe(5);
});

test('a page that missed more than a thousand events is refreshed instead', () => {
  const { db, events } = setup();
  db.transaction((tx) => {
    for (let index = 0; index < 1_001; index++) events.record(tx, 'project.changed', null);
  });
  expect(events.since(1)).toHaveLength(1_000);
  expect(events.since(0)).toBeUndefined();
});

test('old events are pruned as new ones come', async () => {
  const { db, sqlite, events } = setup();
  sqlite.exec(
    "INSERT INTO events (id, kind, data_json, created_at_ms) VALUES (1, 'project.changed', '{}', 1), (10999, 'project.changed', '{}', 1)",
  );
  events.record(db, 'project.changed', null);
  await nextTurn();
  expect(sqlite.prepare('SELECT id FROM events ORDER BY id').pluck().all()).toEqual([10999, 11000]);
});
