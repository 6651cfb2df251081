import type { SectionTemplate } from './section.ts';

/** Finds a drawing by name and puts it on the page inline, so that it follows the palette and the theme. */
export const PICTURE: SectionTemplate = {
  component: 'Picture',
  sources: {
    standard: `
---
/** A drawing from src/assets, inlined so that it takes the colours of the palette and the theme. */
import type { SvgComponent } from 'astro/types';

interface Props {
  /** File name in src/assets, without .svg. */
  name: string;
  /** What it shows; without it the drawing is decoration. */
  alt?: string;
  class?: string;
  'class:list'?: unknown;
}

const { name, alt, class: className } = Astro.props;
const drawings = import.meta.glob<{ default: SvgComponent }>('../assets/*.svg', { eager: true });
const Drawing = drawings['../assets/' + name + '.svg']?.default;
const meaning = alt ? ({ role: 'img', 'aria-label': alt } as const) : ({ 'aria-hidden': 'true' } as const);
---

{Drawing && <Drawing class={className} width={undefined} height={undefined} preserveAspectRatio="xMidYMid slice" {...meaning} />}
`,
  },
};

const headerProps = `
---
import site from '../content/site.json';

const here = Astro.url.pathname.replace(/\\/$/, '') || '/';
const current = (href: string) => (href === here ? 'page' : undefined);
---
`;

const smallMenu = `
    <details class="group relative lg:hidden">
      <summary class="flex size-11 cursor-pointer list-none items-center justify-center rounded-full border border-line [&::-webkit-details-marker]:hidden">
        <span class="sr-only">Menu</span>
        <svg class="size-5 group-open:hidden" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><path d="M3 6.5h14M3 13.5h14" /></svg>
        <svg class="hidden size-5 group-open:block" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><path d="m4 4 12 12M16 4 4 16" /></svg>
      </summary>
      <nav class="absolute top-13 right-0 z-20 w-60 rounded-card border border-line bg-page p-3 text-ink shadow-lg" aria-label="Menu">
        <ul>
          {site.nav.map((link) => <li><a class="block rounded-md px-3 py-2.5 hover:bg-raised" href={link.href} aria-current={current(link.href)}>{link.label}</a></li>)}
        </ul>
      </nav>
    </details>`;

const links = `
      <ul class="flex items-center gap-8">
        {site.nav.map((link) => <li><a class="py-2 text-[0.95rem] underline-offset-8 hover:underline aria-[current]:underline" href={link.href} aria-current={current(link.href)}>{link.label}</a></li>)}
      </ul>`;

export const HEADER: SectionTemplate = {
  component: 'SiteHeader',
  sources: {
    standard: `${headerProps}
<header class="wrap flex items-center justify-between gap-6 py-5">
  <a class="font-display text-xl font-semibold tracking-tight" href="/">{site.name}</a>
  <nav class="hidden lg:block" aria-label="Main">${links}
  </nav>
  <div class="flex items-center gap-3">
    <a class="button button-small max-sm:hidden" href={site.action.href}>{site.action.label}</a>${smallMenu}
  </div>
</header>
`,
    centered: `${headerProps}
<header class="wrap grid grid-cols-[1fr_auto] items-center gap-4 py-6 lg:grid-cols-1 lg:justify-items-center">
  <a class="font-display text-2xl font-semibold tracking-tight" href="/">{site.name}</a>
  <nav class="hidden border-y border-line px-10 py-2 lg:block" aria-label="Main">${links}
  </nav>
  <div class="flex items-center gap-3">${smallMenu}
  </div>
</header>
`,
    editorial: `${headerProps}
<header class="wrap">
  <div class="flex items-center justify-between gap-6 border-b border-line py-5">
    <a class="font-display text-xl tracking-tight" href="/">{site.name}</a>
    <nav class="hidden lg:block" aria-label="Main">${links}
    </nav>
    <div class="flex items-center gap-3">${smallMenu}
    </div>
  </div>
</header>
`,
    poster: `${headerProps}
<header class="bg-band text-on-band">
  <div class="wrap flex items-center justify-between gap-6 py-6">
    <a class="font-display text-2xl font-bold tracking-tight" href="/">{site.name}</a>
    <nav class="hidden lg:block" aria-label="Main">${links}
    </nav>
    <div class="flex items-center gap-3">${smallMenu.replace('border-line [&', 'border-current [&')}
    </div>
  </div>
</header>
`,
    product: `${headerProps}
<header class="border-b border-line bg-raised">
  <div class="wrap flex items-center justify-between gap-6 py-4">
    <a class="flex items-center gap-2.5 font-display text-lg font-semibold tracking-tight" href="/">
      <span class="size-5 rounded-[35%] bg-band" aria-hidden="true"></span>
      {site.name}
    </a>
    <nav class="hidden lg:block" aria-label="Main">${links}
    </nav>
    <div class="flex items-center gap-3">
      <a class="button button-small max-sm:hidden" href={site.action.href}>{site.action.label}</a>${smallMenu}
    </div>
  </div>
</header>
`,
  },
};

export const FOOTER: SectionTemplate = {
  component: 'SiteFooter',
  sources: {
    standard: `
---
import site from '../content/site.json';
---

<footer class="mt-auto border-t border-line">
  <div class="wrap grid gap-10 py-14 sm:grid-cols-[1.4fr_1fr_1fr]">
    <div>
      <p class="font-display text-xl font-semibold">{site.name}</p>
      <p class="mt-2 max-w-[36ch] text-muted">{site.tagline}</p>
    </div>
    <nav aria-label="Footer">
      <ul class="space-y-2">
        {site.nav.map((link) => <li><a class="underline-offset-4 hover:underline" href={link.href}>{link.label}</a></li>)}
      </ul>
    </nav>
    <address class="space-y-2 not-italic">
      <p><a class="underline-offset-4 hover:underline" href={'mailto:' + site.contact.email}>{site.contact.email}</a></p>
      <p>{site.contact.address}</p>
    </address>
  </div>
</footer>
`,
    poster: `
---
import site from '../content/site.json';
---

<footer class="mt-auto bg-band text-on-band">
  <div class="wrap py-14">
    <div class="grid gap-8 sm:grid-cols-2">
      <p class="max-w-[36ch] text-lg">{site.tagline}</p>
      <address class="space-y-1 not-italic sm:text-right">
        <p><a class="underline underline-offset-4" href={'mailto:' + site.contact.email}>{site.contact.email}</a></p>
        <p>{site.contact.address}</p>
      </address>
    </div>
    <nav class="mt-8" aria-label="Footer">
      <ul class="flex flex-wrap gap-x-6 gap-y-2">
        {site.nav.map((link) => <li><a class="underline-offset-4 hover:underline" href={link.href}>{link.label}</a></li>)}
      </ul>
    </nav>
    <p class="display-2xl mt-10 leading-none break-words">{site.name}</p>
  </div>
</footer>
`,
  },
};

/** The opening of every page but the first. */
export const PAGE_HEADER: SectionTemplate = {
  component: 'PageHeader',
  sources: {
    standard: `
---
interface Props {
  heading: string;
  text?: string;
}

const { heading, text } = Astro.props;
---

<div class="wrap pt-14 sm:pt-20">
  <h1 class="display-xl max-w-[18ch]">{heading}</h1>
  {text && <p class="mt-5 max-w-[56ch] text-lg text-muted sm:text-xl">{text}</p>}
</div>
`,
  },
};
