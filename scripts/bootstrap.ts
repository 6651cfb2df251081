import { loadEnvironment } from '#server/config.ts';
import { prepareStore } from './prepare.ts';
import { migrate } from './migrate.ts';

// The install has run already: pnpm checks the dependencies before any script (`verifyDepsBeforeRun`).
loadEnvironment();
await prepareStore();
await migrate();
