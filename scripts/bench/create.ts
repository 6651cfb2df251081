import { join, resolve } from 'node:path';
import { startByHand } from './by-hand.ts';
import type { ByHand } from './by-hand.ts';
import { createProject, deleteProject, moments, TYPING_MS, typePrompt } from './creation.ts';
import type { Creation, Moment } from './creation.ts';
import { benchLatency, benchVisible } from './edits.ts';
import { benchPreviewLoad } from './preview-load.ts';
import { formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { spreadOf } from './statistics.ts';

const PROMPT = 'a landing page for a coffee roastery in Lisbon';

/** From the click to a live site, beside the same starter started by hand; then from a written file to the page that shows it. */
export async function benchCreate({ rounds }: BenchOptions): Promise<Verdict[]> {
  const scene = await openScene();
  try {
    const verdicts = reportCreations(await measureCreations(scene, rounds));
    const { project, direct, gateway } = await createProject(scene, PROMPT);
    const workspace = join(scene.dataDir, 'projects', project.id, 'workspace');
    verdicts.push(await benchVisible(workspace, { direct, gateway }));
    verdicts.push(...(await benchPreviewLoad({ direct, gateway })));
    verdicts.push(await benchLatency({ direct, gateway }));
    return verdicts;
  } finally {
    await scene.close();
  }
}

/** By hand; created out of the blue, as by a program; and after a person typed the prompt in the browser. */
interface Samples {
  byHand: ByHand[];
  cold: Creation[];
  typed: Creation[];
}

/** In turns, in the other order every other round. A first round is thrown away: it warms the disk cache for all. */
async function measureCreations(scene: Scene, rounds: number): Promise<Samples> {
  const samples: Samples = { byHand: [], cold: [], typed: [] };
  const create = async () => {
    const creation = await createProject(scene, PROMPT);
    await deleteProject(scene, creation.project.id);
    return creation;
  };
  const sides: ((kept: Samples) => Promise<unknown>)[] = [
    async (kept) => kept.byHand.push(await startByHand(resolve('data/store'))),
    async (kept) => kept.cold.push(await create()),
    async (kept) => kept.typed.push(await typePrompt(scene).then(create)),
  ];
  for (let round = 0; round <= rounds; round += 1) {
    const kept = round === 0 ? { byHand: [], cold: [], typed: [] } : samples;
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side(kept);
  }
  return samples;
}

function reportCreations({ byHand, cold, typed }: Samples): Verdict[] {
  const hand = spreadOf(byHand.map(({ answeredMs }) => answeredMs));
  const times = (side: Creation[], moment: Moment) => {
    const samples = side.flatMap(({ sinceClick }) => sinceClick[moment] ?? []);
    return samples.length === 0 ? '—' : formatSpread(spreadOf(samples));
  };
  printTable(
    [`Since the click, ms, median of ${typed.length} (min–max)`, `typed for ${TYPING_MS / 1_000} s`, 'out of the blue'],
    moments.map((moment) => [moment, times(typed, moment), times(cold, moment)]),
  );
  printTable(
    ['By hand, ms since `pnpm install`', ''],
    [
      ['installed', formatSpread(spreadOf(byHand.map(({ installedMs }) => installedMs)))],
      ['first good answer of `astro dev`', formatSpread(hand)],
    ],
  );
  for (const note of describeFailures([...typed, ...cold])) process.stdout.write(`\n${note}\n`);
  const median = (side: Creation[], moment: Moment) => spreadOf(side.map(({ sinceClick }) => sinceClick[moment] ?? Number.NaN)).median;
  const preview = (side: Creation[]) => median(side, 'first live preview') / hand.median;
  process.stdout.write(`\nOut of the blue the first live preview takes ${preview(cold).toFixed(2)} × as long as by hand.\n`);
  return [
    { what: 'creation is answered', value: median([...typed, ...cold], 'POST answered'), target: 50, unit: 'ms' },
    { what: 'first live preview of a typed prompt, beside by hand', value: preview(typed), target: 1.25, unit: '×' },
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
