import { expect, test } from 'vitest';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import { untilWritten } from '#server/db/until-written.ts';

function setup() {
  const db = drizzleOn(openSqlite(':memory:'));
  const sqlite = db.$client;
  sqlite.exec('CREATE TABLE crumbs (name TEXT PRIMARY KEY, size INTEGER) STRICT; CREATE TABLE notes (text TEXT)');
  sqlite.exec(`INSERT INTO crumbs VALUES ('a', 1), ('b', 2)`);
  const statement = sqlite.prepare('SELECT size FROM crumbs WHERE name = ?').pluck();
  const asked: string[] = [];
  const sizeOf = untilWritten(db, (name) => {
    asked.push(name);
    return statement.get(name) as number | undefined;
  });
  return { sqlite, sizeOf, asked };
}

test('the database is asked once for each key while nothing is written', () => {
  const { sizeOf, asked } = setup();
  expect([sizeOf('a'), sizeOf('b'), sizeOf('none'), sizeOf('a'), sizeOf('none')]).toEqual([1, 2, undefined, 1, undefined]);
  expect(asked).toEqual(['a', 'b', 'none']);
});

test.each([
  ['an update', `UPDATE crumbs SET size = 3 WHERE name = 'a'`, 3],
  ['a deletion', `DELETE FROM crumbs WHERE name = 'a'`, undefined],
  ['a deletion of all', 'DELETE FROM crumbs', undefined],
  ['a replacement', `REPLACE INTO crumbs VALUES ('a', 4)`, 4],
  ['a change of another table', `INSERT INTO notes VALUES ('x')`, 1],
])('after %s it is asked again', (_name, statement, size) => {
  const { sqlite, sizeOf, asked } = setup();
  sizeOf('a');
  sqlite.exec(statement);
  expect(sizeOf('a')).toBe(size);
  expect(asked).toEqual(['a', 'a']);
});

test('within a transaction its own changes are seen, and after a rollback they are not', () => {
  const { sqlite, sizeOf } = setup();
  sqlite.exec('BEGIN');
  sqlite.exec('UPDATE crumbs SET size = 9');
  expect(sizeOf('a')).toBe(9);
  sqlite.exec('ROLLBACK');
  expect(sizeOf('a')).toBe(1);
});

test('made-up keys do not fill the memory', () => {
  const { sizeOf, asked } = setup();
  for (let index = 0; index < 1_500; index += 1) sizeOf(`none-${index}`);
  sizeOf('none-0');
  expect(asked.filter((key) => key === 'none-0')).toHaveLength(2);
});
