import type { SectionTemplate } from './section.ts';

const props = `
---
import Picture from './Picture.astro';

interface Props {
  heading: string;
  paragraphs: string[];
  picture?: { name: string; alt: string };
  /** Who says it. */
  signature?: string;
}

const { heading, paragraphs, picture, signature } = Astro.props;
---
`;

export const STORY: SectionTemplate = {
  component: 'Story',
  sources: {
    standard: `${props}
<section id="story" aria-labelledby="story-heading" class="scroll-mt-20 bg-raised">
  <div class="wrap grid items-center gap-12 py-20 sm:py-24 lg:grid-cols-2 lg:gap-20">
    {picture && <Picture name={picture.name} alt={picture.alt} class="w-full rounded-card" />}
    <div>
      <h2 id="story-heading" class="display-lg">{heading}</h2>
      <div class="mt-6 max-w-[56ch] space-y-4 text-lg text-muted">
        {paragraphs.map((paragraph) => <p>{paragraph}</p>)}
      </div>
      {signature && <p class="mt-8 font-display text-lg">{signature}</p>}
    </div>
  </div>
</section>
`,
    centered: `${props}
<section id="story" aria-labelledby="story-heading" class="scroll-mt-20 bg-raised">
  <div class="wrap py-20 text-center sm:py-24">
    <div class="mx-auto max-w-2xl">
      <h2 id="story-heading" class="display-lg">{heading}</h2>
      <div class="mt-7 space-y-4 text-lg text-muted">
        {paragraphs.map((paragraph) => <p>{paragraph}</p>)}
      </div>
      {signature && <p class="mt-8 font-display text-lg">{signature}</p>}
      {picture && <Picture name={picture.name} alt={picture.alt} class="mt-12 w-full rounded-card" />}
    </div>
  </div>
</section>
`,
    editorial: `${props}
<section id="story" aria-labelledby="story-heading" class="scroll-mt-20">
  <div class="wrap">
    <div class="grid gap-10 border-t border-line py-16 sm:py-24 lg:grid-cols-12">
      <div class="lg:col-span-7">
        <h2 id="story-heading" class="display-md">{heading}</h2>
        {paragraphs.slice(0, 1).map((paragraph) => <p class="mt-8 font-display text-2xl leading-snug text-pretty sm:text-3xl">{paragraph}</p>)}
        <div class="mt-8 gap-10 space-y-4 text-muted sm:columns-2">
          {paragraphs.slice(1).map((paragraph) => <p class="break-inside-avoid">{paragraph}</p>)}
        </div>
        {signature && <p class="mt-8 font-display text-lg">{signature}</p>}
      </div>
      {picture && <Picture name={picture.name} alt={picture.alt} class="w-full self-start rounded-card lg:col-span-5" />}
    </div>
  </div>
</section>
`,
    mosaic: `${props}
<section id="story" aria-labelledby="story-heading" class="scroll-mt-20 bg-raised">
  <div class="wrap grid gap-12 py-20 sm:py-24 lg:grid-cols-[0.8fr_1.2fr]">
    <div>
      <h2 id="story-heading" class="display-lg">{heading}</h2>
      {picture && <Picture name={picture.name} alt={picture.alt} class="mt-8 w-full max-w-sm rounded-card" />}
    </div>
    <div class="space-y-5 text-xl leading-relaxed">
      {paragraphs.map((paragraph) => <p>{paragraph}</p>)}
      {signature && <p class="pt-4 text-base text-muted">{signature}</p>}
    </div>
  </div>
</section>
`,
  },
};
