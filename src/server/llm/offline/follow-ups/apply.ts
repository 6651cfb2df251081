import { addItem, addPerson, addQuestion, addQuote, removeItem, setPrice } from './item-changes.ts';
import type { Draft, Outcome } from './draft.ts';
import { done, problem } from './draft.ts';
import type { Change } from './instruction.ts';
import {
  changeCorners,
  changeFonts,
  changeLayout,
  changePalette,
  changeTheme,
  changeThemeSwitch,
  movePalette,
  redrawPictures,
} from './look-changes.ts';
import { addPage, removePage } from './page-changes.ts';
import { addSection, arrangeSections, moveSection, removeSection, swapSections } from './section-changes.ts';
import { replaceInSources, replaceText, setField, setHeading } from './text-changes.ts';

/** Carries out one instruction on the draft and says what came of it. */
export function applyInstruction(draft: Draft, instruction: Change, sources: readonly string[]): Outcome {
  switch (instruction.do) {
    case 'replace':
      return (
        replaceText(draft, instruction.from, instruction.to) ??
        replaceInSources(draft, sources, instruction.from, instruction.to) ??
        problem(`I found no “${instruction.from}” on the site. Copy the words exactly as they stand on the page.`)
      );
    case 'set':
      return setField(draft, instruction.field, instruction.value);
    case 'set-heading':
      return setHeading(draft, instruction.section, instruction.value);
    case 'hours':
      draft.site.hours = instruction.hours;
      return done(`Opening hours are ${instruction.hours.map(({ days, time }) => `${days} ${time}`).join(', ')} now.`);
    case 'add-section':
      return addSection(draft, instruction.kind, instruction.place);
    case 'remove-section':
      return removeSection(draft, instruction.kind);
    case 'move':
      return moveSection(draft, instruction.kind, instruction.place);
    case 'order':
      return arrangeSections(draft, instruction.kinds);
    case 'swap':
      return swapSections(draft, instruction.kinds);
    case 'palette':
      return changePalette(draft, instruction.palette);
    case 'palette-towards':
      return movePalette(draft, instruction.words);
    case 'theme':
      return changeTheme(draft, instruction.theme);
    case 'theme-switch':
      return changeThemeSwitch(draft, instruction.wanted);
    case 'fonts':
      return changeFonts(draft, instruction.pairing);
    case 'corners':
      return changeCorners(draft, instruction.round);
    case 'layout':
      return changeLayout(draft, instruction.layout, instruction.scope);
    case 'pictures':
      return redrawPictures(draft);
    case 'add-page':
      return addPage(draft, instruction.page);
    case 'remove-page':
      return removePage(draft, instruction.slug);
    case 'price':
      return setPrice(draft, instruction.item, instruction.price);
    case 'add-item':
      return addItem(draft, instruction.name, instruction.price);
    case 'add-question':
      return addQuestion(draft, instruction.question, instruction.answer);
    case 'add-quote':
      return addQuote(draft, instruction.quote, instruction.name);
    case 'add-person':
      return addPerson(draft, instruction.name, instruction.role);
    case 'remove-item':
      return removeItem(draft, instruction.name);
  }
}
