import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadEnvironment } from '#server/config.ts';
import { buildIfStale } from './build.ts';
import { prepareStore } from './prepare.ts';

// One command from a clone to a running doce. Every step does only what is missing; migrations run as the host boots.
loadEnvironment();
process.env.LOG_LEVEL ??= 'warn';
await prepareStore();
if (buildIfStale()) process.stdout.write('Built.\n');
await import(pathToFileURL(join(process.cwd(), 'dist/server/entry.mjs')).href);
