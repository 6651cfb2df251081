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
  const site = parse<SiteContent>(SITE, sources.get(SITE));
  const pages = new Map<string, PageContent>();
  for (const path of sources.keys()) {
    const slug = /^src\/content\/([\w-]+)\.json$/.exec(path)?.[1];
    if (slug && slug !== 'site') pages.set(slug === 'home' ? 'index' : slug, parse(path, sources.get(path)));
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

/** A content file that cannot be parsed, most likely after an edit by hand. */
export class UnreadableContent extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

function parse<T>(path: string, text: string | undefined): T {
  try {
    return JSON.parse(text ?? '') as T;
  } catch (error) {
    throw new UnreadableContent(path, error instanceof Error ? error.message : 'not JSON');
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
