import { favicon } from '../site/compose.ts';
import { slugOf } from '../understanding/names.ts';
import { getPalette, PALETTES } from '../design/palettes.ts';
import type { SectionKind } from '../sections/section.ts';
import type { PageContent } from '../site/site.ts';
import { done, problem } from './draft.ts';
import type { Draft, Outcome } from './draft.ts';
import type { Field } from './instruction.ts';
import { labelText } from './labels.ts';

interface HomeHero {
  heading?: string;
  text?: string;
  eyebrow?: string;
  primary?: { label: string; href: string };
}

export function setField(draft: Draft, field: Field, value: string): Outcome {
  const { site } = draft;
  const hero = (draft.pages.get('index')?.hero ?? {}) as HomeHero;
  if (!value) return problem(`I did not catch the new ${field}. Put it in quotes: “…”.`);
  if (field === 'name') return renameSite(draft, value);
  if (field === 'tagline') {
    site.tagline = value;
    const home = draft.pages.get('index');
    if (home) home.title = `${site.name} · ${value.replace(/\.$/, '')}`;
    return done(`The tagline reads “${value}” now, in the footer and in the page’s title.`);
  }
  if (field === 'email' || field === 'phone' || field === 'address') {
    site.contact[field] = value;
    return done(`The ${field} is ${value} now, wherever it appears.`);
  }
  if (field === 'button') {
    if (hero.primary) hero.primary.label = value;
    if (site.action) site.action.label = value;
    return done(`The main button says “${value}” now.`);
  }
  hero[field] = value;
  return done(
    `The ${{ heading: 'headline', text: 'text below the headline', eyebrow: 'line above the headline' }[field]} reads “${value}” now.`,
  );
}

export function setHeading(draft: Draft, section: SectionKind, value: string): Outcome {
  for (const page of draft.pages.values()) {
    const content = page[section] as { heading?: string } | undefined;
    if (!content) continue;
    content.heading = value;
    return done(`The heading of ${labelText(section)} reads “${value}” now.`);
  }
  return problem(`There is no ${labelText(section)} section yet. Say “add ${labelText(section)}” first.`);
}

function renameSite(draft: Draft, name: string): Outcome {
  const { site } = draft;
  const before = site.name;
  replaceEverywhere(draft, before, name);
  site.name = name;
  const invented = `hello@${slugOf(before)}.example`;
  if (site.contact.email === invented) site.contact.email = `hello@${slugOf(name)}.example`;
  const palette = PALETTES.find(({ id }) => id === site.design?.palette) ?? getPalette('graphite');
  draft.setSource('public/favicon.svg', favicon(name, palette));
  return done(`The site is called “${name}” now: in the header, the titles, the text and the icon.`);
}

/** Changes a text wherever it stands: exactly first, else in any case. */
export function replaceText(draft: Draft, from: string, to: string): Outcome | undefined {
  if (draft.site.name.toLowerCase() === from.toLowerCase() && to) return renameSite(draft, to);
  const count = replaceEverywhere(draft, from, to) || replaceEverywhere(draft, from, to, 'i');
  if (count === 0) return undefined;
  return done(
    to
      ? `“${from}” reads “${to}” now${count > 1 ? `, in ${count} places` : ''}.`
      : `“${from}” is gone${count > 1 ? `, in ${count} places` : ''}.`,
  );
}

/** The same in components and pages, for text that was written there by hand. */
export function replaceInSources(draft: Draft, paths: readonly string[], from: string, to: string): Outcome | undefined {
  let count = 0;
  for (const path of paths) {
    const source = draft.source(path);
    if (!source?.includes(from)) continue;
    count += source.split(from).length - 1;
    draft.setSource(path, source.replaceAll(from, to));
  }
  return count > 0 ? done(`“${from}” reads “${to}” now, in ${count === 1 ? 'one place' : `${count} places`}.`) : undefined;
}

function replaceEverywhere(draft: Draft, from: string, to: string, flags = ''): number {
  const pattern = new RegExp(escapeForSearch(from), `g${flags}`);
  let count = 0;
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(pattern, () => {
        count++;
        return to;
      });
    }
    if (Array.isArray(value)) return value.map(visit);
    if (value && typeof value === 'object') {
      for (const [key, entry] of Object.entries(value)) {
        if (!FIXED_KEYS.has(key)) (value as Record<string, unknown>)[key] = visit(entry);
      }
    }
    return value;
  };
  visit(draft.site);
  for (const [slug, page] of draft.pages) draft.pages.set(slug, visit(page) as PageContent);
  return count;
}

/** Keys whose values are addresses or file names, never text on the page. */
const FIXED_KEYS = new Set(['href', 'picture', 'design', 'pictures', 'email']);

/** Straight and curly quotes, and runs of spaces, match each other. */
function escapeForSearch(text: string): string {
  return text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/['’‘]/g, "['’‘]")
    .replaceAll(/["“”]/g, '["“”]')
    .replaceAll(/\s+/g, String.raw`\s+`);
}
