import { join, resolve } from 'node:path';
import { startByHand } from './by-hand.ts';
import type { ByHand } from './by-hand.ts';
import { createProject, deleteProject, moments } from './creation.ts';
import type { Creation } from './creation.ts';
import { benchLatency, benchVisible } from './edits.ts';
import { formatNumber, formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { spreadOf } from './statistics.ts';

const PROMPT = 'a landing page for a coffee roastery in Lisbon';

/** From the click to a live site, beside the same starter started by hand; then from a written file to the page that shows it. */
export async function benchCreate({ rounds }: BenchOptions): Promise<Verdict[]> {
  const scene = await openScene();
  try {
    const { ours, byHand } = await measureCreations(scene, rounds);
    const verdicts = reportCreations(ours, byHand);
    const { project, direct, gateway } = await createProject(scene, PROMPT);
    const workspace = join(scene.dataDir, 'projects', project.id, 'workspace');
    verdicts.push(await benchVisible(workspace, { direct, gateway }));
    await benchLatency({ direct, gateway });
    return verdicts;
  } finally {
    await scene.close();
  }
}

/** In turns, the first of each round in turns too. A first pair is thrown away: it warms the disk cache for both. */
async function measureCreations(scene: Scene, rounds: number): Promise<{ ours: Creation[]; byHand: ByHand[] }> {
  const ours: Creation[] = [];
  const byHand: ByHand[] = [];
  const sides = [
    async (round: number) => {
      const creation = await createProject(scene, PROMPT);
      await deleteProject(scene, creation.project.id);
      if (round > 0) ours.push(creation);
    },
    async (round: number) => {
      const started = await startByHand(resolve('data/store'));
      if (round > 0) byHand.push(started);
    },
  ];
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side(round);
  }
  return { ours, byHand };
}

function reportCreations(ours: Creation[], byHand: ByHand[]): Verdict[] {
  const hand = spreadOf(byHand.map(({ answeredMs }) => answeredMs));
  const rows = moments.map((moment) => {
    const samples = ours.flatMap(({ sinceClick }) => sinceClick[moment] ?? []);
    if (samples.length === 0) return [moment, '—', ''];
    const spread = spreadOf(samples);
    return [moment, formatSpread(spread), moment === 'first live preview' ? `${formatNumber(spread.median / hand.median)} × by hand` : ''];
  });
  printTable([`Since the click, ms, median of ${ours.length} (min–max)`, 'doce', ''], rows);
  printTable(
    ['By hand, ms since `pnpm install`', ''],
    [
      ['installed', formatSpread(spreadOf(byHand.map(({ installedMs }) => installedMs)))],
      ['first good answer of `astro dev`', formatSpread(hand)],
    ],
  );
  for (const note of describeFailures(ours)) process.stdout.write(`\n${note}\n`);
  const live = spreadOf(ours.map(({ sinceClick }) => sinceClick['first live preview'] ?? Number.NaN));
  const posted = spreadOf(ours.map(({ sinceClick }) => sinceClick['POST answered'] ?? Number.NaN));
  return [
    { what: 'creation is answered', value: posted.median, target: 50, unit: 'ms' },
    { what: 'first live preview, beside by hand', value: live.median / hand.median, target: 1.25, unit: '×' },
  ];
}

function describeFailures(ours: Creation[]): string[] {
  const unfinished = ours.filter(({ turnState }) => turnState !== 'completed').length;
  const stuck = ours.flatMap(({ stuckAt }) => stuckAt ?? []);
  return [
    ...(unfinished > 0 ? [`${unfinished} of ${ours.length} turns did not complete.`] : []),
    ...(stuck.length > 0
      ? [`In ${stuck.length} of ${ours.length} creations the new content never showed; the preview answers ${stuck.join(', ')}.`]
      : []),
  ];
}
