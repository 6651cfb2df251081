import type { SectionTemplate } from './section.ts';

const quoteProps = `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  items: { quote: string; name: string; role: string }[];
}

const { heading, items } = Astro.props;
---
`;

export const TESTIMONIALS: SectionTemplate = {
  component: 'Testimonials',
  sources: {
    standard: `${quoteProps}
<Section id="testimonials" heading={heading} tinted>
  <ul class="grid gap-5 @2xl:grid-cols-2 @4xl:grid-cols-3">
    {
      items.map((item) => (
        <li class="rounded-card bg-page p-7">
          <figure class="flex h-full flex-col justify-between gap-8">
            <blockquote class="text-lg leading-relaxed">“{item.quote}”</blockquote>
            <figcaption class="text-sm">
              <span class="block font-medium">{item.name}</span>
              <span class="text-muted">{item.role}</span>
            </figcaption>
          </figure>
        </li>
      ))
    }
  </ul>
</Section>
`,
    centered: `${quoteProps.replace("import Section from './Section.astro';\n\n", '')}
<section id="testimonials" aria-labelledby="testimonials-heading" class="scroll-mt-20 bg-raised">
  <div class="wrap py-20 text-center sm:py-24">
    <h2 id="testimonials-heading" class="eyebrow">{heading}</h2>
    {
      items.slice(0, 1).map((item) => (
        <figure class="mx-auto mt-8 max-w-3xl">
          <blockquote class="display-md leading-snug">“{item.quote}”</blockquote>
          <figcaption class="mt-6 text-muted">
            {item.name}, {item.role}
          </figcaption>
        </figure>
      ))
    }
    <ul class="mx-auto mt-16 grid max-w-4xl gap-10 md:grid-cols-2">
      {
        items.slice(1).map((item) => (
          <li>
            <figure>
              <blockquote class="text-lg">“{item.quote}”</blockquote>
              <figcaption class="mt-3 text-sm text-muted">
                {item.name}, {item.role}
              </figcaption>
            </figure>
          </li>
        ))
      }
    </ul>
  </div>
</section>
`,
    editorial: `${quoteProps}
<Section id="testimonials" heading={heading}>
  <ul class="space-y-12">
    {
      items.map((item) => (
        <li>
          <figure>
            <blockquote class="display-md leading-snug">“{item.quote}”</blockquote>
            <figcaption class="mt-4 text-sm text-muted">
              {item.name}, {item.role}
            </figcaption>
          </figure>
        </li>
      ))
    }
  </ul>
</Section>
`,
    poster: `${quoteProps.replace("import Section from './Section.astro';\n\n", '')}
<section id="testimonials" aria-labelledby="testimonials-heading" class="scroll-mt-20 bg-band text-on-band">
  <div class="wrap py-20 sm:py-24">
    <h2 id="testimonials-heading" class="display-lg">{heading}</h2>
    <ul class="mt-12 grid gap-10 md:grid-cols-3">
      {
        items.map((item) => (
          <li class="border-t-2 border-on-band/40 pt-6">
            <figure>
              <blockquote class="text-lg leading-relaxed font-medium">“{item.quote}”</blockquote>
              <figcaption class="mt-5 text-sm">
                {item.name}, {item.role}
              </figcaption>
            </figure>
          </li>
        ))
      }
    </ul>
  </div>
</section>
`,
  },
};

export const TEAM: SectionTemplate = {
  component: 'Team',
  sources: {
    standard: `
---
import Picture from './Picture.astro';
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { name: string; role: string; text?: string; picture?: string }[];
}

const { heading, text, items } = Astro.props;
---

<Section id="team" heading={heading} text={text}>
  <ul class="grid gap-x-6 gap-y-10 @sm:grid-cols-2 @4xl:grid-cols-4">
    {
      items.map((item) => (
        <li>
          {item.picture && <Picture name={item.picture} class="w-full rounded-card" />}
          <h3 class="mt-4 text-lg font-medium">{item.name}</h3>
          <p class="text-sm text-accent">{item.role}</p>
          {item.text && <p class="mt-2 text-sm text-muted">{item.text}</p>}
        </li>
      ))
    }
  </ul>
</Section>
`,
  },
};
