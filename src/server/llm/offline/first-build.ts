import type { Conversation } from './conversation.ts';
import { getPairing } from './design/typography.ts';
import { composeSite } from './site/compose.ts';
import type { Plan } from './plan.ts';
import { say } from './plan.ts';
import { readBrief } from './understanding/brief.ts';
import type { Brief } from './understanding/brief.ts';
import { languageNote } from './understanding/language.ts';
import { listOf } from './words.ts';
import { article } from './site/section-content.ts';

const SMALL_TALK = /^(?:hi|hello|hey|hallo|olá|ola|hola|thanks|thank you|test|ok|okay|yes|no|help|what can you do)\b[\s\S]{0,20}$/i;

/** Plans a whole site from a prompt. */
export function planFirstBuild(prompt: string, conversation: Conversation): Plan {
  if (SMALL_TALK.test(prompt.trim())) {
    return say(
      'Tell me what the site is for, in one sentence. For example: “a landing page for a coffee roastery in Lisbon, called Torra”, or “a portfolio for a wedding photographer, with prices and an about page”.',
    );
  }
  const brief = readBrief(prompt);
  const files = composeSite(brief);
  const kept = new Set(files.map(({ path }) => path));
  const stale = (conversation.listing ?? []).filter(
    (path) => /^src\/(?:pages|components|content|assets)\/[\w./-]+$/.test(path) && !kept.has(path) && conversation.reads.size > 0,
  );
  return { kind: 'change', opening: openingOf(brief), files, removed: stale, summary: summaryOf(brief, files.length, prompt) };
}

function openingOf(brief: Brief): string {
  const what = brief.topic.id === 'generic' ? `a site about ${brief.subject}` : `a site for ${article(brief.topic.noun)}`;
  return `Building **${brief.name}**: ${what}${brief.place ? ` in ${brief.place}` : ''}.`;
}

function summaryOf(brief: Brief, files: number, prompt: string): string {
  const note = languageNote(prompt);
  const pages = brief.pages.map(({ label }) => label);
  return [
    `**${brief.name}** is up${pages.length > 0 ? `, with ${pages.length === 1 ? 'a page' : 'pages'} for ${listOf(pages)}` : ''}. ${files} files; the words are in \`src/content\`, the sections in \`src/components\`, colours and type in \`src/styles/global.css\`.`,
    `Palette: ${brief.palette.name}. Type: ${getPairing(brief.design.type).name}.${brief.named ? '' : ' The name is made up, as are people, prices and the address: change them as you like.'}`,
    ...(note ? [note] : []),
    'Next you could say: “change the name to …”, “add pricing”, “make it navy and cream”, “centre the hero”, “add an about page”.',
  ].join('\n\n');
}
