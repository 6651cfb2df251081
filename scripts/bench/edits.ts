import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { get, untilServed } from './page.ts';
import type { Target } from './page.ts';
import { formatNumber, formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { startRelay } from './relay.ts';
import { percentile, spreadOf } from './statistics.ts';

const EDITS = 24;
const REQUESTS = 800;
/** Of each way, thrown away: a host and a dev server that have just started compile what they do often only then. */
const WARM_UP = 800;
const ASK_EVERY_MS = 2;
const BETWEEN_EDITS_MS = 250;
const GIVE_UP_MS = 20_000;

const PREVIEW_MOST = 1.2;

/** Two ways to the same dev server. */
interface Ways {
  direct: Target;
  gateway: Target;
}

/** From the end of a write into the workspace to the first answer that holds it: through the gateway and directly, in turns. */
export async function benchVisible(workspace: string, ways: Ways): Promise<Verdict> {
  const file = join(workspace, 'src/pages/bench.astro');
  const samples: Record<keyof Ways, number[]> = { direct: [], gateway: [] };
  const editAndWait = async (target: Target, edit: number) => {
    const mark = `edit-${edit}-${Date.now()}`;
    writeFileSync(file, `<html lang="en"><head><title>Bench</title></head><body><h1>${mark}</h1></body></html>\n`);
    const writtenAt = performance.now();
    const signal = AbortSignal.timeout(GIVE_UP_MS);
    const isShown = (answer: { text: string } | undefined) => answer?.text.includes(mark) ?? false;
    const shown = await untilServed(target, isShown, { path: '/bench', everyMs: ASK_EVERY_MS, signal });
    if (!shown) throw new Error(`An edit never showed; the server answers ${(await get(target, '/bench'))?.status}.`);
    return performance.now() - writtenAt;
  };
  for (let edit = -2; edit < EDITS * 2; edit += 1) {
    const way = edit % 2 === 0 ? 'gateway' : 'direct';
    const tookMs = await editAndWait(ways[way], edit);
    if (edit >= 0) samples[way].push(tookMs);
    await delay(BETWEEN_EDITS_MS);
  }
  const [gateway, direct] = [spreadOf(samples.gateway), spreadOf(samples.direct)];
  printTable(
    [`File written → served, ms, median of ${EDITS} (min–max)`, ''],
    [
      ['through the gateway', formatSpread(gateway)],
      ['from the dev server', formatSpread(direct)],
    ],
  );
  return { what: 'file written → visible, beside direct', value: gateway.median / direct.median, target: 1.2, unit: '×' };
}

/**
 * What the gateway adds to a request: the same pages both ways, in turns, one request at a time. Beside it a relay that copies
 * bytes and knows nothing of HTTP: what any process in between costs on this machine at this moment.
 */
export async function benchLatency(ways: Ways): Promise<Verdict> {
  const relay = await startRelay(ways.direct.port);
  try {
    return await compareLatency({ ...ways, relay: { port: relay.port, host: ways.direct.host } });
  } finally {
    relay.stop();
  }
}

async function compareLatency(ways: Ways & { relay: Target }): Promise<Verdict> {
  const names = ['gateway', 'relay', 'direct'] as const;
  const rows: string[][] = [];
  let pageRatio: number | undefined;
  for (const [what, path] of [
    ['page', '/'],
    ['small file', '/favicon.svg'],
  ] as const) {
    const samples: Record<(typeof names)[number], number[]> = { direct: [], gateway: [], relay: [] };
    for (let index = -WARM_UP * names.length; index < REQUESTS * names.length; index += 1) {
      const way = names.at(index % names.length)!;
      const startedAt = performance.now();
      const answer = await get(ways[way], path);
      if (answer?.status !== 200) throw new Error(`${path} was answered with ${answer?.status}.`);
      if (index >= 0) samples[way].push(performance.now() - startedAt);
    }
    pageRatio ??= percentile(samples.gateway, 50) / percentile(samples.direct, 50);
    for (const way of names) {
      rows.push([`${what}, ${way}`, formatNumber(percentile(samples[way], 50)), formatNumber(percentile(samples[way], 99))]);
    }
  }
  printTable([`A request, ms, of ${REQUESTS}`, 'p50', 'p99'], rows);
  return { what: 'page through the gateway, p50 beside direct', value: pageRatio, target: PREVIEW_MOST, unit: '×' };
}
