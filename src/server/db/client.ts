import { readConfig } from '#server/config.ts';
import { drizzleOn, openSqlite } from './open.ts';

export type { Db, Sqlite, Tx } from './open.ts';

/**
 * The process's one connection, opened when this module is first imported. The host imports it after it holds the host
 * lock; scripts import it directly. Everything else takes `db` (or `tx`) as an argument.
 */
export const sqlite = openSqlite(readConfig(process.env).databaseFile);
export const db = drizzleOn(sqlite);
