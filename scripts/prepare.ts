import { readConfig } from '#server/config.ts';
import { createLog } from '#server/log.ts';
import { warmStore } from '#server/runtime/store.ts';

/** Puts the packages of the starter sites where new projects take them from. Says so when it takes a while. */
export async function prepareStore(): Promise<void> {
  const { storeDir } = readConfig(process.env);
  const note = setTimeout(() => process.stdout.write('Fetching the packages that new sites are made of (once)…\n'), 500);
  const outcome = await warmStore({ storeDir, templatesDir: 'templates', log: createLog('warn') });
  clearTimeout(note);
  if (outcome.state === 'cold') {
    process.stderr.write(
      `The packages of the starter site could not be fetched: ${outcome.detail}\nDoce starts, but new projects have to wait until the registry answers.\n`,
    );
  }
}
