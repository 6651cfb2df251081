import type { Conversation } from '../conversation.ts';
import type { Plan } from '../plan.ts';
import { say } from '../plan.ts';
import { beyondMe } from '../words.ts';
import { applyInstruction } from './apply.ts';
import { SITE, STYLES, UnreadableContent, openDraft, pagePath, problem } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Instruction } from './instruction.ts';
import { isTalk, replyTo } from './talk.ts';
import { understand } from './understand.ts';

const HOME = 'src/content/home.json';
const HEADER = 'src/components/SiteHeader.astro';

/** Plans a change to a site that stands already, from what its files say today. */
export function planFollowUp(conversation: Conversation, indexPage: string): Plan {
  const { request, reads, listing } = conversation;
  if (!indexPage.includes('../content/home.json')) return say(notMine(request));
  const instructions = understand(request);
  if (instructions.every(({ do: what }) => what === 'unknown'))
    return say(instructions.length > 0 ? beyondMe(request) : 'Glad to hear it. Say what to change next.');
  if (instructions.every(isTalk)) return say(instructions.map(replyTo).join('\n\n'));
  const wanted = filesFor(instructions, listing ?? []);
  if (wanted.some((path) => !reads.has(path))) return { kind: 'look', paths: wanted };
  for (const path of [SITE, HOME])
    if (reads.get(path)?.state !== 'text')
      return say(`I could not read \`${path}\` whole, so nothing was changed. It has to be there for me to work on this site.`);
  try {
    return planChanges(conversation, instructions, openDraft(reads));
  } catch (error) {
    if (error instanceof UnreadableContent)
      return say(
        `\`${error.path}\` cannot be used as it is (${error.message}). Nothing was changed. Correct the file, or undo the last version, then ask again.`,
      );
    throw error;
  }
}

function planChanges(conversation: Conversation, instructions: readonly Instruction[], draft: Draft): Plan {
  const sources = [...conversation.reads.keys()].filter((path) => path.endsWith('.astro'));
  const outcomes = instructions.map((instruction) =>
    isTalk(instruction) ? problem(replyTo(instruction)) : applyInstruction(draft, instruction, sources),
  );
  const dones = outcomes.flatMap((outcome) => ('done' in outcome ? [outcome.done] : []));
  const problems = outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome.problem] : []));
  const { files, removed } = draft.outcome();
  if (files.length === 0 && removed.length === 0)
    return say([...problems, ...(dones.length > 0 ? [`${dones.join(' ')} That was so already: no file had to change.`] : [])].join('\n\n'));
  return {
    kind: 'change',
    opening: '',
    files,
    removed,
    summary: summaryOf(dones, problems, [...files.map(({ path }) => path), ...removed]),
  };
}

/** The answer to undo, help and the like, for which nothing has to be read. */
export function talkAbout(request: string): string | undefined {
  const instructions = understand(request);
  const ready = instructions.length > 0 && instructions.every((instruction) => isTalk(instruction) && instruction.do !== 'unknown');
  return ready ? instructions.filter(isTalk).map(replyTo).join('\n\n') : undefined;
}

/** Files that say most about a change are named first. */
const TELLING = ['src/pages/', 'src/components/', 'src/content/', 'src/styles/', ''];

function summaryOf(dones: readonly string[], problems: readonly string[], paths: readonly string[]): string {
  const rank = (path: string) => TELLING.findIndex((folder) => path.startsWith(folder) || folder === '');
  const shown = [...paths]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 5)
    .map((path) => `\`${path}\``);
  const more = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : '';
  const body = dones.length > 1 ? dones.map((line) => `- ${line}`).join('\n') : (dones[0] ?? '');
  return [body, ...problems, `Files: ${shown.join(', ')}${more}.`].filter(Boolean).join('\n\n');
}

/** Which files the instructions have to see before anything is written. */
function filesFor(instructions: readonly Instruction[], listing: readonly string[]): string[] {
  const files = new Set([pagePath('index'), STYLES, SITE, HOME]);
  const others = listing.filter((path) => /^src\/content\/[\w-]+\.json$/.test(path));
  for (const path of others) files.add(path);
  const has = (what: Instruction['do']) => instructions.some((instruction) => instruction.do === what);
  if (has('theme-switch') || has('layout')) files.add(HEADER);
  if (has('replace')) for (const path of listing) if (/^src\/(?:components|pages|layouts)\/[\w/-]+\.astro$/.test(path)) files.add(path);
  return [...files];
}

function notMine(request: string): string {
  const short = request.length > 80 ? `${request.slice(0, 78)}…` : request;
  return [
    'This site was not put together by the offline builder, so I do not know its parts well enough to change them. Nothing was changed.',
    `To go on with it, add a provider key in Settings and choose a model. To replace it with one of mine, say “start over: ${short}”.`,
  ].join('\n\n');
}
