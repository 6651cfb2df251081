import type { Instruction, Talk } from './instruction.ts';

export const isTalk = (instruction: Instruction): instruction is Talk => KINDS.has(instruction.do);

const KINDS: ReadonlySet<Instruction['do']> = new Set<Talk['do']>(['undo', 'help', 'start-over', 'unknown']);

/** The answer to what changes no file. */
export function replyTo(talk: Talk): string {
  if (talk.do === 'undo')
    return 'I keep no history of my own: every change is a version. Press Undo on the last answer, or pick a version under History.';
  if (talk.do === 'help') return HELP;
  if (talk.do === 'start-over')
    return 'To replace the whole site, say what the new one is: “start over: a portfolio for a ceramicist in Porto”.';
  return `I did not understand “${talk.text}”.`;
}

const HELP = [
  'Here is what I understand:',
  '- text: change “…” to “…”, change the name, headline, tagline, button, email, phone, address, opening hours',
  '- sections: add, remove, move or reorder features, menu, gallery, pricing, testimonials, team, schedule, FAQ, blog, newsletter, hours, contact',
  '- look: colours by name (“navy and cream”, “warmer”), dark mode, fonts (“serif headings”), layout (“centred hero”), corners, new pictures',
  '- pages: “add an about page”, “remove the menu page”',
  '- entries: “change the price of the flat white to 3.40”, “add Cortado to the menu for 2.20”, “add a question about parking”',
].join('\n');
