import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { findBrowser, installTestTools } from './test-tools.ts';
import { buildIfStale } from './build.ts';
import { prepareStore } from './prepare.ts';

const reportFile = 'test-results/vitest.json';

installTestTools();
await prepareStore();
buildIfStale();

rmSync(reportFile, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, DOCE_BROWSER: findBrowser() } },
);
const report = JSON.parse(readFileSync(reportFile, 'utf8')) as { numPassedTests: number; numFailedTests: number };
// A file that could not be loaded fails the run without a failed test.
const failed = Math.max(report.numFailedTests, status === 0 ? 0 : 1);
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
