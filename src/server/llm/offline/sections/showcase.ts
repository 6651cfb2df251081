import type { SectionTemplate } from './section.ts';

const galleryProps = `
---
import Picture from './Picture.astro';
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { picture: string; title: string; text?: string }[];
}

const { heading, text, items } = Astro.props;
---
`;

const figure = `
          <figure>
            <Picture name={item.picture} alt={item.title} class="w-full rounded-card" />
            <figcaption class="mt-3">
              <span class="font-medium">{item.title}</span>
              {item.text && <span class="mt-0.5 block text-sm text-muted">{item.text}</span>}
            </figcaption>
          </figure>`;

export const GALLERY: SectionTemplate = {
  component: 'Gallery',
  sources: {
    standard: `${galleryProps}
<Section id="gallery" heading={heading} text={text}>
  <ul class="grid gap-x-6 gap-y-10 @lg:grid-cols-2 @4xl:grid-cols-3">
    {
      items.map((item) => (
        <li>${figure}
        </li>
      ))
    }
  </ul>
</Section>
`,
    mosaic: `${galleryProps}
<Section id="gallery" heading={heading} text={text}>
  <ul class="grid gap-x-8 gap-y-10 @lg:grid-cols-2 @lg:pb-16">
    {
      items.map((item) => (
        <li class="@lg:even:translate-y-16">${figure}
        </li>
      ))
    }
  </ul>
</Section>
`,
  },
};

export const POSTS: SectionTemplate = {
  component: 'Posts',
  sources: {
    standard: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { title: string; text: string; date: string; topic?: string }[];
}

const { heading, text, items } = Astro.props;
---

<Section id="posts" heading={heading} text={text}>
  <ul class="grid gap-x-8 gap-y-12 @xl:grid-cols-2 @4xl:grid-cols-3">
    {
      items.map((item) => (
        <li>
          <article class="border-t-2 border-ink pt-5">
            <p class="flex justify-between gap-4 font-label text-sm text-muted">
              <span class="text-accent">{item.topic}</span>
              <span>{item.date}</span>
            </p>
            <h3 class="display-sm mt-3">{item.title}</h3>
            <p class="mt-2 text-muted">{item.text}</p>
          </article>
        </li>
      ))
    }
  </ul>
</Section>
`,
    editorial: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { title: string; text: string; date: string; topic?: string }[];
}

const { heading, text, items } = Astro.props;
---

<Section id="posts" heading={heading} text={text}>
  <ul class="divide-y divide-line">
    {
      items.map((item) => (
        <li class="py-8 first:pt-0">
          <article>
            <p class="font-label text-sm text-muted">{item.topic && <span class="text-accent">{item.topic} · </span>}{item.date}</p>
            <h3 class="display-md mt-2">{item.title}</h3>
            <p class="mt-2 max-w-[58ch] text-muted">{item.text}</p>
          </article>
        </li>
      ))
    }
  </ul>
</Section>
`,
  },
};

export const PRICING: SectionTemplate = {
  component: 'Pricing',
  sources: {
    standard: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  plans: { name: string; price: string; unit?: string; text: string; points: string[]; featured?: boolean; action?: { label: string; href: string } }[];
}

const { heading, text, plans } = Astro.props;
---

<Section id="pricing" heading={heading} text={text}>
  <ul class="grid items-stretch gap-5 @2xl:grid-cols-2 @4xl:grid-cols-3">
    {
      plans.map((plan) => (
        <li class:list={['flex flex-col rounded-card border p-7 sm:p-8', plan.featured ? 'border-band bg-band text-on-band' : 'border-line bg-raised']}>
          <h3 class="display-sm">{plan.name}</h3>
          <p class:list={['mt-2 min-h-12', !plan.featured && 'text-muted']}>{plan.text}</p>
          <p class="mt-6 flex items-baseline gap-2">
            <span class="font-display text-4xl tracking-tight">{plan.price}</span>
            {plan.unit && <span class:list={['text-sm', !plan.featured && 'text-muted']}>{plan.unit}</span>}
          </p>
          <ul class="mt-7 mb-9 space-y-2.5">
            {plan.points.map((point) => (
              <li class="flex gap-3">
                <svg class="mt-1.5 size-3.5 shrink-0" viewBox="0 0 14 14" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
                  <path d="m1.5 7.5 3.5 4 7.5-9" />
                </svg>
                {point}
              </li>
            ))}
          </ul>
          {plan.action && (
            <a class:list={['mt-auto justify-center', plan.featured ? 'button-inverse' : 'button-outline']} href={plan.action.href}>
              {plan.action.label}
              <span class="sr-only">: {plan.name}</span>
            </a>
          )}
        </li>
      ))
    }
  </ul>
</Section>
`,
    editorial: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  plans: { name: string; price: string; unit?: string; text: string; points: string[]; featured?: boolean; action?: { label: string; href: string } }[];
}

const { heading, text, plans } = Astro.props;
---

<Section id="pricing" heading={heading} text={text}>
  <ul class="divide-y divide-line border-y border-line">
    {
      plans.map((plan) => (
        <li class="grid gap-6 py-8 @2xl:grid-cols-[1fr_1.3fr_auto]">
          <div>
            <h3 class="display-sm">{plan.name}</h3>
            <p class="mt-2 text-muted">{plan.text}</p>
          </div>
          <ul class="list-disc space-y-1 pl-5 text-muted marker:text-accent">
            {plan.points.map((point) => <li>{point}</li>)}
          </ul>
          <div class="@2xl:text-right">
            <p class="font-display text-3xl">{plan.price}</p>
            {plan.unit && <p class="text-sm text-muted">{plan.unit}</p>}
            {plan.action && (
              <a class="link mt-4 inline-block" href={plan.action.href}>
                {plan.action.label}
                <span class="sr-only">: {plan.name}</span>
              </a>
            )}
          </div>
        </li>
      ))
    }
  </ul>
</Section>
`,
  },
};
