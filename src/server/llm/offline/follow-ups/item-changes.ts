import { createRandom } from '../random.ts';
import { drawPortrait } from '../illustrations/picture.ts';
import { homeSections } from './context.ts';
import { done, problem } from './draft.ts';
import type { Draft, Outcome } from './draft.ts';
import { addSection } from './section-changes.ts';
import { distance } from './spelling.ts';

type Entry = Record<string, unknown>;

/** Where entries of lists live, whatever page they are on. */
function listsIn(draft: Draft): { list: Entry[]; nameKey: string }[] {
  const found: { list: Entry[]; nameKey: string }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      const first = value[0] as Entry | undefined;
      const nameKey =
        first && typeof first === 'object' ? ['question', 'name', 'title'].find((key) => typeof first[key] === 'string') : undefined;
      if (nameKey) found.push({ list: value as Entry[], nameKey });
      value.forEach(visit);
    } else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  for (const page of draft.pages.values()) visit(page);
  return found;
}

export function setPrice(draft: Draft, item: string, price: string): Outcome {
  const priced = listsIn(draft).flatMap(({ list, nameKey }) =>
    list.filter((entry) => 'price' in entry).map((entry) => ({ entry, name: String(entry[nameKey]) })),
  );
  if (priced.length === 0) return problem('There are no prices on the site yet. Say “add pricing” or “add a menu” first.');
  const match = bestMatch(priced, item);
  if (!match)
    return problem(
      `I found no “${item}” with a price. There ${priced.length === 1 ? 'is' : 'are'} ${priced
        .slice(0, 8)
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  match.entry.price = priceLike(String(match.entry.price), price);
  return done(`${match.name} costs ${match.entry.price as string} now.`);
}

export function addItem(draft: Draft, name: string, price: string | undefined): Outcome {
  if (!hasContent(draft, 'menu')) {
    const added = addSection(draft, 'menu', undefined);
    if ('problem' in added) return added;
  }
  const menu = [...draft.pages.values()]
    .map((page) => page.menu as { groups: { title: string; items: Entry[] }[] } | undefined)
    .find(Boolean)!;
  const group = menu.groups?.[0];
  if (!Array.isArray(group?.items))
    return problem('The menu’s content was changed by hand and has no groups to add to. Nothing was added.');
  const model = String(group.items[0]?.price ?? '€1');
  const amount = price ? priceLike(model, price) : 'ask us';
  for (const page of draft.pages.values()) {
    const groups = (page.menu as typeof menu | undefined)?.groups;
    groups?.[0]?.items?.push({ name, price: amount });
  }
  return done(`Added “${name}” to ${group.title}, ${price ? `at ${amount}` : 'with “ask us” for its price'}.`);
}

export function addQuestion(draft: Draft, question: string, answer: string | undefined): Outcome {
  if (!hasContent(draft, 'faq')) {
    const added = addSection(draft, 'faq', undefined);
    if ('problem' in added) return added;
  }
  const text = answer ?? `Write to us and we will tell you. (Say: change “Write to us and we will tell you.” to your answer.)`;
  const entry = { question: /[?]$/.test(question) ? question : `${question}?`, answer: answer ?? 'Write to us and we will tell you.' };
  for (const page of draft.pages.values()) (page.faq as { items: Entry[] } | undefined)?.items.push({ ...entry });
  return done(answer ? `Added “${entry.question}” to the questions.` : `Added “${entry.question}” with a placeholder answer: ${text}`);
}

export function addQuote(draft: Draft, quote: string, name: string): Outcome {
  if (!hasContent(draft, 'testimonials')) {
    const added = addSection(draft, 'testimonials', undefined);
    if ('problem' in added) return added;
  }
  for (const page of draft.pages.values())
    (page.testimonials as { items: Entry[] } | undefined)?.items.push({ quote, name, role: 'guest' });
  return done(`Added what ${name} said to the testimonials.`);
}

export function addPerson(draft: Draft, name: string, role: string): Outcome {
  if (!hasContent(draft, 'team')) {
    const added = addSection(draft, 'team', undefined);
    if ('problem' in added) return added;
  }
  const picture = `person-${
    name
      .toLowerCase()
      .normalize('NFD')
      .replaceAll(/[^a-z]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'new'
  }`;
  draft.setSource(`src/assets/${picture}.svg`, drawPortrait(createRandom(name)));
  for (const page of draft.pages.values()) (page.team as { items: Entry[] } | undefined)?.items.push({ name, role, picture });
  return done(`Added ${name}, ${role}, to the team.`);
}

export function removeItem(draft: Draft, name: string): Outcome {
  const all = listsIn(draft).flatMap(({ list, nameKey }) => list.map((entry) => ({ entry, list, name: String(entry[nameKey]) })));
  const match = bestMatch(all, name.replaceAll(/[“”]/g, ''));
  if (!match) return problem(`I found no entry called “${name}”.`);
  if (match.list.length === 1) return problem(`“${match.name}” is the last entry of its list. Remove the whole section instead.`);
  for (const { list, nameKey } of listsIn(draft)) {
    const at = list.findIndex((entry) => entry[nameKey] === match.name);
    if (at >= 0 && list.length > 1) list.splice(at, 1);
  }
  return done(`Removed “${match.name}”.`);
}

function hasContent(draft: Draft, kind: 'menu' | 'faq' | 'team' | 'testimonials'): boolean {
  return homeSections(draft).includes(kind) || [...draft.pages.values()].some((page) => page[kind] !== undefined);
}

/** The same name, else one that contains it, else one a slip or two away. */
function bestMatch<T extends { name: string }>(entries: readonly T[], wanted: string): T | undefined {
  const target = wanted.toLowerCase().trim();
  const lower = (entry: T) => entry.name.toLowerCase();
  return (
    entries.find((entry) => lower(entry) === target) ??
    entries.find((entry) => lower(entry).includes(target) || target.includes(lower(entry))) ??
    entries.find((entry) => distance(lower(entry), target) <= 2) ??
    entries.find((entry) => target.split(/\s+/).some((word) => word.length > 3 && lower(entry).includes(word)))
  );
}

/** A bare number takes the currency of the price it replaces. */
function priceLike(model: string, price: string): string {
  const sign =
    /[€$£]/.exec(price)?.[0] ??
    (/euro|eur/i.test(price) ? '€' : /dollar|usd/i.test(price) ? '$' : /pound|gbp/i.test(price) ? '£' : (/[€$£]/.exec(model)?.[0] ?? '€'));
  if (/free/i.test(price)) return 'Free';
  return `${sign}${/\d+(?:[.,]\d+)?/.exec(price)?.[0] ?? price}`;
}
