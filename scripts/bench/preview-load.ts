import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { browserPath, launchBrowser } from '../../tests/e2e/support/browser.ts';
import type { Target } from './page.ts';
import { formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { spreadOf } from './statistics.ts';

const LOADS = 40;
const WARM_UP = 4;
const RELOADED_MS = 2_000;
const MOST = 1.2;

/** What a person waits for: a preview loaded in Chromium with everything in it, from the click to `load`, both ways in turns. */
export async function benchPreviewLoad(ways: { direct: Target; gateway: Target }): Promise<Verdict[]> {
  if (!existsSync(browserPath)) {
    process.stdout.write(`\nThere is no browser at ${browserPath}: loading a preview is not measured.\n`);
    return [];
  }
  const browser = await launchBrowser();
  try {
    const samples = { direct: [] as number[], gateway: [] as number[] };
    // Whoever comes first after edits that nobody looked at is told to load again.
    await visit(browser, ways.direct, RELOADED_MS);
    for (let index = 0; index < LOADS + WARM_UP; index += 1) {
      const order = index % 2 === 0 ? (['gateway', 'direct'] as const) : (['direct', 'gateway'] as const);
      for (const way of order) {
        const loadedMs = await visit(browser, ways[way]);
        if (index >= WARM_UP) samples[way].push(loadedMs);
      }
    }
    const [gateway, direct] = [spreadOf(samples.gateway), spreadOf(samples.direct)];
    printTable(
      [`Loaded in a browser, ms, median of ${LOADS} (min–max)`, ''],
      [
        ['through the gateway', formatSpread(gateway)],
        ['from the dev server', formatSpread(direct)],
      ],
    );
    return [{ what: 'preview in a browser, p50 beside direct', value: gateway.median / direct.median, target: MOST, unit: '×' }];
  } finally {
    await browser.close();
  }
}

/** @returns Milliseconds from the click to the `load` event. */
async function visit(browser: Browser, { host, port }: Target, stayMs = 0): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://${host.replace(/:\d+$/, '')}:${port}/`, { waitUntil: 'load' });
  await page.waitForTimeout(stayMs);
  const loadedMs = await page.evaluate(() => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventStart);
  await context.close();
  return loadedMs;
}
