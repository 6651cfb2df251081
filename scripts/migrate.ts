import { join } from 'node:path';
import { loadEnvironment, readConfig } from '#server/config.ts';
import { acquireHostLock, HOST_LOCK_EXIT_CODE, HostLockedError } from '#server/db/host-lock.ts';
import { migrateDatabase, MigrationError } from '#server/db/migrate.ts';

/** Brings the database up to date under the host lock, and says what it did. Exits with 3 while doce is running. */
export async function migrate(): Promise<void> {
  const { dataDir } = readConfig(process.env);
  try {
    const lock = acquireHostLock(dataDir);
    const { sqlite } = await import('#server/db/client.ts');
    const { applied, backupFile } = migrateDatabase(sqlite, { migrationsFolder: 'drizzle', backupFolder: join(dataDir, 'backups') });
    process.stdout.write(applied === 0 ? 'The database is up to date.\n' : `Applied ${applied} migration${applied === 1 ? '' : 's'}.\n`);
    if (backupFile) process.stdout.write(`A copy from before is at ${backupFile}.\n`);
    sqlite.close();
    lock.release();
  } catch (error) {
    if (!(error instanceof HostLockedError || error instanceof MigrationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error instanceof HostLockedError ? HOST_LOCK_EXIT_CODE : 1);
  }
}

if (import.meta.main) {
  loadEnvironment();
  await migrate();
}
