import type { SectionKind } from '../sections/section.ts';
import { TEMPLATES } from '../sections/templates.ts';

/** `src/pages/<page>.astro`: puts the sections together, in order. */
export function pageSource(page: string, kinds: readonly SectionKind[]): string {
  const data = dataName(page);
  const opening = page === 'index' ? [] : ['PageHeader'];
  const components = [...new Set([...kinds.map((kind) => TEMPLATES[kind].component), ...opening])].sort();
  const tags = kinds.map((kind) => sectionTag(kind, data));
  return `---
${components.map((name) => `import ${name} from '../components/${name}.astro';`).join('\n')}
import ${data} from '../content/${contentFile(page)}';
import Base from '../layouts/Base.astro';
---

<Base title={${data}.title} description={${data}.description}>
  <main id="main">
${page === 'index' ? '' : `    <PageHeader {...${data}.opening} />\n`}${tags.map((tag) => `    ${tag}\n`).join('')}  </main>
</Base>
`;
}

export const sectionTag = (kind: SectionKind, data: string) => `<${TEMPLATES[kind].component} {...${data}.${kind}} />`;

export const contentFile = (page: string) => (page === 'index' ? 'home.json' : `${page}.json`);

/** The variable that holds a page's content. */
export function dataName(page: string): string {
  if (page === 'index') return 'home';
  return page.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `src/layouts/Base.astro`. */
export const BASE_SOURCE = `---
import '../styles/global.css';
import SiteFooter from '../components/SiteFooter.astro';
import SiteHeader from '../components/SiteHeader.astro';

interface Props {
  title: string;
  /** One or two sentences for search results and shared links. */
  description: string;
}

const { title, description } = Astro.props;
---

<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>{title}</title>
    <meta name="description" content={description} />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
  </head>
  <body class="flex min-h-dvh flex-col">
    <a
      href="#main"
      class="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-md focus:bg-page focus:px-4 focus:py-2 focus:text-ink"
    >
      Skip to content
    </a>
    <SiteHeader />
    <slot />
    <SiteFooter />
  </body>
</html>
`;
