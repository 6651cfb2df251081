import { sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import type { Db, Tx } from '#server/db/open.ts';
import { users } from '#server/db/schema.ts';
import type { User } from '#server/db/schema.ts';

/** @throws the database's own error: an answer that cannot be had is never "no user". */
export function hasUser(db: Db): boolean {
  return db.select({ id: users.id }).from(users).limit(1).get() !== undefined;
}

/** Creates the admin in one statement that does nothing when any user exists. */
export function insertFirstAdmin(tx: Db | Tx, input: { username: string; passwordHash: string; nowMs: number }): User | undefined {
  const id = nanoid();
  const createdAt = Math.floor(input.nowMs / 1000);
  const inserted = tx.run(sql`
    insert into ${users} (id, created_at, username, password_hash)
    select ${id}, ${createdAt}, ${input.username}, ${input.passwordHash}
    where not exists (select 1 from ${users})`);
  if (inserted.changes !== 1) return undefined;
  return { id, createdAt: new Date(createdAt * 1000), username: input.username, passwordHash: input.passwordHash };
}
