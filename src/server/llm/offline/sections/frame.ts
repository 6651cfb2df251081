import type { SectionTemplate } from './section.ts';

const props = `
---
interface Props {
  /** Also the anchor that navigation points to. */
  id: string;
  heading: string;
  text?: string;
  /** A tinted ground sets a section apart from its neighbours. */
  tinted?: boolean;
}

const { id, heading, text, tinted = false } = Astro.props;
---
`;

/** The frame every section sits in: ground, width, heading. */
export const FRAME: SectionTemplate = {
  component: 'Section',
  sources: {
    standard: `${props}
<section id={id} aria-labelledby={id + '-heading'} class:list={['scroll-mt-20', tinted && 'bg-raised']}>
  <div class="wrap py-20 sm:py-24">
    <header class="max-w-2xl">
      <h2 id={id + '-heading'} class="display-lg">{heading}</h2>
      {text && <p class="mt-4 text-lg text-muted">{text}</p>}
    </header>
    <div class="@container mt-12">
      <slot />
    </div>
  </div>
</section>
`,
    centered: `${props}
<section id={id} aria-labelledby={id + '-heading'} class:list={['scroll-mt-20', tinted && 'bg-raised']}>
  <div class="wrap py-20 sm:py-24">
    <header class="mx-auto max-w-2xl text-center">
      <h2 id={id + '-heading'} class="display-lg">{heading}</h2>
      {text && <p class="mt-4 text-lg text-muted">{text}</p>}
    </header>
    <div class="@container mt-14">
      <slot />
    </div>
  </div>
</section>
`,
    editorial: `${props}
<section id={id} aria-labelledby={id + '-heading'} class:list={['scroll-mt-20', tinted && 'bg-raised']}>
  <div class="wrap">
    <div class="grid gap-x-10 gap-y-10 border-t border-line py-16 sm:py-24 lg:grid-cols-12">
      <header class="lg:sticky lg:top-24 lg:col-span-4 lg:self-start">
        <h2 id={id + '-heading'} class="display-md">{heading}</h2>
        {text && <p class="mt-4 max-w-[38ch] text-muted">{text}</p>}
      </header>
      <div class="@container lg:col-span-8">
        <slot />
      </div>
    </div>
  </div>
</section>
`,
    poster: `${props}
<section id={id} aria-labelledby={id + '-heading'} class:list={['scroll-mt-20', tinted && 'bg-raised']}>
  <div class="wrap py-20 sm:py-24">
    <header class="grid items-end gap-4 border-b-2 border-ink pb-6 md:grid-cols-2 md:gap-10">
      <h2 id={id + '-heading'} class="display-lg">{heading}</h2>
      {text && <p class="max-w-[48ch] text-lg text-muted md:justify-self-end">{text}</p>}
    </header>
    <div class="@container mt-10">
      <slot />
    </div>
  </div>
</section>
`,
  },
};
