import { sourceFor } from '../sections/section.ts';
import { PAGE_HEADER } from '../sections/shell.ts';
import { TEMPLATES } from '../sections/templates.ts';
import { componentFile } from '../site/compose.ts';
import { contentFile, pageSource } from '../site/page-source.ts';
import { composePage } from '../site/pages.ts';
import type { PageRequest } from '../site/pages.ts';
import { contextOf, homeSections, layoutOf } from './context.ts';
import { done, pagePath, problem } from './draft.ts';
import type { Draft, Outcome } from './draft.ts';
import { listOf } from '../words.ts';

export function addPage(draft: Draft, request: PageRequest): Outcome {
  if (draft.pages.has(request.slug)) return problem(`There is a page at /${request.slug} already.`);
  const page = composePage(request, contextOf(draft));
  const home = draft.pages.get('index')!;
  const layout = layoutOf(draft);
  // What the home page already says about it is said the same way here.
  for (const kind of page.kinds) if (home[kind] !== undefined && kind !== 'contact') page.content[kind] = structuredClone(home[kind]);
  draft.pages.set(page.slug, page.content);
  for (const { name, svg } of page.pictures) draft.setSource(`src/assets/${name}.svg`, svg);
  for (const kind of page.kinds) {
    const component = componentFile(kind, layout);
    if (!homeSections(draft).includes(kind)) draft.setSource(component.path, component.content);
  }
  draft.setSource('src/components/PageHeader.astro', sourceFor(PAGE_HEADER, layout));
  draft.setSource(pagePath(page.slug), pageSource(page.slug, page.kinds));
  linkPage(draft, page);
  return done(`Added the page “${page.label}” at /${page.slug}, linked in the navigation.`);
}

function linkPage({ site }: Draft, page: PageRequest): void {
  const anchors = page.kinds.map((kind) => `/#${kind}`).filter((href) => !href.endsWith('contact') || page.slug === 'contact');
  const kept = site.nav.filter((link) => !anchors.includes(link.href) && link.label !== page.label);
  const home = kept.some((link) => link.href === '/') ? [] : [{ label: 'Home', href: '/' }];
  site.nav = [...home, ...kept, { label: page.label, href: `/${page.slug}` }];
}

export function removePage(draft: Draft, slug: string): Outcome {
  if (!draft.pages.has(slug) || slug === 'index') {
    const others = [...draft.pages.keys()].filter((entry) => entry !== 'index');
    return problem(
      others.length > 0
        ? `There is no page at /${slug}. The other pages are ${listOf(others.map((entry) => `/${entry}`))}.`
        : 'The home page is the only page, and it stays.',
    );
  }
  const kinds = Object.keys(draft.pages.get(slug)!);
  draft.remove(pagePath(slug));
  draft.remove(`src/content/${contentFile(slug)}`);
  const href = `/${slug}`;
  draft.site.nav = draft.site.nav.filter((link) => link.href !== href);
  const left = [...draft.pages.keys()].filter((entry) => entry !== 'index');
  if (left.length === 0) {
    draft.site.nav = draft.site.nav.filter((link) => link.href !== '/');
    draft.remove('src/components/PageHeader.astro');
  }
  for (const [kind, template] of Object.entries(TEMPLATES)) {
    const used = [...draft.pages.values()].some((content) => content[kind] !== undefined);
    if (kinds.includes(kind) && !used) draft.remove(`src/components/${template.component}.astro`);
  }
  return done(`Removed the page at /${slug} and its link.`);
}
