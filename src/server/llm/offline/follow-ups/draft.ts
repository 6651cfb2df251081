import { z } from 'zod';
import type { ReadResult } from '../tool-results.ts';
import { contentFile, dataName } from '../site/page-source.ts';
import type { PageContent, SiteContent, SiteFile } from '../site/site.ts';

export const SITE = 'src/content/site.json';
export const STYLES = 'src/styles/global.css';

/** The site as it was read, with changes on top. Only what changed is written back. */
export interface Draft {
  site: SiteContent;
  /** Pages by slug; the home page is `index`. */
  pages: Map<string, PageContent>;
  source(path: string): string | undefined;
  setSource(path: string, text: string): void;
  remove(path: string): void;
  /** Files that differ from what was read, in the order to write them; and those to remove. */
  outcome(): { files: SiteFile[]; removed: string[] };
}

/** @throws UnreadableContent when a content file is not the JSON the pages need. */
export function openDraft(reads: ReadonlyMap<string, ReadResult>): Draft {
  const sources = new Map([...reads].flatMap(([path, result]) => (result.state === 'text' ? [[path, result.text] as const] : [])));
  const original = new Map(sources);
  const removed = new Set<string>();
  const site = parse<SiteContent>(SITE, sources.get(SITE), SiteShape);
  const pages = new Map<string, PageContent>();
  for (const path of sources.keys()) {
    const slug = /^src\/content\/([\w-]+)\.json$/.exec(path)?.[1];
    if (slug && slug !== 'site') pages.set(slug === 'home' ? 'index' : slug, parse<PageContent>(path, sources.get(path), PageShape));
  }
  const serialise = () => {
    keep(SITE, site);
    for (const [slug, content] of pages) keep(`src/content/${contentFile(slug)}`, content);
  };
  const keep = (path: string, value: unknown) => {
    const before = original.get(path);
    const after = JSON.stringify(value, null, 2);
    if (before === undefined || JSON.stringify(JSON.parse(before)) !== JSON.stringify(value)) sources.set(path, `${after}\n`);
  };
  return {
    site,
    pages,
    source: (path) => sources.get(path),
    setSource: (path, text) => {
      removed.delete(path);
      sources.set(path, text);
    },
    remove(path) {
      sources.delete(path);
      removed.add(path);
      const slug = /^src\/content\/([\w-]+)\.json$/.exec(path)?.[1];
      if (slug) pages.delete(slug);
    },
    outcome() {
      serialise();
      const changed = [...sources].filter(([path, text]) => original.get(path) !== text).map(([path, content]) => ({ path, content }));
      return { files: changed.sort((a, b) => writeRank(a.path) - writeRank(b.path)), removed: [...removed] };
    },
  };
}

/** A content file that cannot be used, most likely after an edit by hand. */
export class UnreadableContent extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

const Link = z.looseObject({ label: z.string(), href: z.string() });

/** What the changes rely on; whatever else a person added stays. */
const SiteShape = z.looseObject({
  name: z.string(),
  tagline: z.string(),
  contact: z.looseObject({ email: z.string(), phone: z.string(), address: z.string() }),
  hours: z.array(z.looseObject({ days: z.string(), time: z.string() })),
  nav: z.array(Link),
  action: Link.optional(),
  design: z.looseObject({ topic: z.string(), seed: z.string() }).optional(),
});
const PageShape = z.looseObject({ title: z.string(), description: z.string() });

function parse<T>(path: string, text: string | undefined, shape: z.ZodType): T {
  try {
    const value = JSON.parse(text ?? '') as T;
    // The value itself, not zod's copy: the order of its keys is the person's.
    shape.parse(value);
    return value;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).split('\n')[0] : error instanceof Error ? error.message : undefined;
    throw new UnreadableContent(path, reason ?? 'not JSON');
  }
}

/** What a page needs is written before the page. */
function writeRank(path: string): number {
  return ['src/assets/', 'src/content/', 'src/components/', 'src/layouts/', 'src/pages/', 'src/styles/'].findIndex((folder) =>
    path.startsWith(folder),
  );
}

export const pagePath = (slug: string) => `src/pages/${slug}.astro`;
export const dataOf = (slug: string) => dataName(slug);

export type Outcome = { done: string } | { problem: string };
export const done = (text: string): Outcome => ({ done: text });
export const problem = (text: string): Outcome => ({ problem: text });
