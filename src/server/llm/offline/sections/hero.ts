import type { SectionTemplate } from './section.ts';

const props = `
---
import Picture from './Picture.astro';

interface Link {
  label: string;
  href: string;
}

interface Props {
  eyebrow?: string;
  heading: string;
  text: string;
  primary?: Link;
  secondary?: Link;
  /** The first one leads. */
  pictures: { name: string; alt: string }[];
  facts?: { label: string; value: string }[];
}

const { eyebrow, heading, text, primary, secondary, pictures, facts = [] } = Astro.props;
---
`;

const actions = (center = false) => `
      {
        (primary || secondary) && (
          <div class="mt-9 flex flex-wrap items-center${center ? ' justify-center' : ''} gap-x-6 gap-y-4">
            {primary && <a class="button" href={primary.href}>{primary.label}</a>}
            {secondary && <a class="link" href={secondary.href}>{secondary.label}</a>}
          </div>
        )
      }`;

export const HERO: SectionTemplate = {
  component: 'Hero',
  sources: {
    standard: `${props}
<section class="wrap pt-10 pb-20 sm:pt-16 sm:pb-28">
  <div class="grid items-center gap-12 lg:grid-cols-[1.1fr_0.9fr] lg:gap-16">
    <div>
      {eyebrow && <p class="eyebrow">{eyebrow}</p>}
      <h1 class="display-xl mt-5">{heading}</h1>
      <p class="mt-6 max-w-[46ch] text-lg text-muted sm:text-xl">{text}</p>${actions()}
      {
        facts.length > 0 && (
          <dl class="mt-12 flex flex-wrap gap-x-10 gap-y-4 border-t border-line pt-6">
            {facts.map((fact) => (
              <div>
                <dt class="text-sm text-muted">{fact.label}</dt>
                <dd class="mt-1 font-medium">{fact.value}</dd>
              </div>
            ))}
          </dl>
        )
      }
    </div>
    {pictures.slice(0, 1).map(({ name, alt }) => <Picture name={name} alt={alt} class="mx-auto w-full max-w-lg rounded-t-full rounded-b-card lg:max-w-none" />)}
  </div>
</section>
`,
    centered: `${props}
<section class="pt-14 sm:pt-20">
  <div class="wrap text-center">
    <div class="mx-auto max-w-3xl">
      {eyebrow && <p class="eyebrow">{eyebrow}</p>}
      <h1 class="display-xl mt-5">{heading}</h1>
      <p class="mx-auto mt-6 max-w-[50ch] text-lg text-muted sm:text-xl">{text}</p>${actions(true)}
    </div>
    {
      pictures.slice(0, 1).map(({ name, alt }) => (
        <Picture name={name} alt={alt} class="mt-14 max-h-[36rem] min-h-64 w-full rounded-card object-cover" />
      ))
    }
    {
      facts.length > 0 && (
        <dl class="mt-8 flex flex-wrap justify-center gap-x-14 gap-y-5">
          {facts.map((fact) => (
            <div>
              <dt class="text-sm text-muted">{fact.label}</dt>
              <dd class="mt-1 font-medium">{fact.value}</dd>
            </div>
          ))}
        </dl>
      )
    }
  </div>
</section>
`,
    editorial: `${props}
<section class="wrap pt-12 pb-16 sm:pt-20 sm:pb-24">
  {eyebrow && <p class="eyebrow">{eyebrow}</p>}
  <h1 class:list={[heading.length > 34 ? 'display-xl' : 'display-2xl', 'mt-6 max-w-[18ch]']}>{heading}</h1>
  <div class="mt-10 grid gap-10 border-t border-line pt-8 lg:grid-cols-12">
    <div class="lg:col-span-6">
      <p class="max-w-[48ch] text-xl leading-relaxed">{text}</p>${actions()}
    </div>
    {
      facts.length > 0 && (
        <dl class="grid grid-cols-2 gap-6 sm:grid-cols-3 lg:col-span-6 lg:justify-self-end">
          {facts.map((fact) => (
            <div class="border-l border-line pl-4">
              <dt class="text-sm text-muted">{fact.label}</dt>
              <dd class="mt-1 font-display text-lg">{fact.value}</dd>
            </div>
          ))}
        </dl>
      )
    }
  </div>
  {
    pictures.slice(0, 1).map(({ name, alt }) => (
      <Picture name={name} alt={alt} class="mt-12 min-h-56 w-full rounded-card" />
    ))
  }
</section>
`,
    poster: `${props}
<section class="bg-band text-on-band">
  <div class="wrap grid gap-x-12 pt-14 lg:grid-cols-12 lg:pt-20">
    <div class="pb-12 lg:col-span-7 lg:pb-24">
      {eyebrow && <p class="font-label text-sm font-medium">{eyebrow}</p>}
      <h1 class:list={[heading.length > 34 ? 'display-xl' : 'display-2xl', 'mt-6']}>{heading}</h1>
      <p class="mt-7 max-w-[44ch] text-lg sm:text-xl">{text}</p>
      {
        (primary || secondary) && (
          <div class="mt-10 flex flex-wrap items-center gap-x-6 gap-y-4">
            {primary && <a class="button-inverse" href={primary.href}>{primary.label}</a>}
            {secondary && <a class="link-inverse" href={secondary.href}>{secondary.label}</a>}
          </div>
        )
      }
    </div>
    {
      pictures.slice(0, 1).map(({ name, alt }) => (
        <Picture name={name} alt={alt} class="w-full max-w-md self-end rounded-t-[12rem] max-lg:mx-auto lg:col-span-5 lg:max-w-none" />
      ))
    }
  </div>
  {
    facts.length > 0 && (
      <div class="border-t-2 border-on-band/25">
        <dl class="wrap grid gap-x-10 gap-y-4 py-6 sm:grid-cols-3">
          {facts.map((fact) => (
            <div class="flex items-baseline gap-3">
              <dt class="text-sm">{fact.label}</dt>
              <dd class="font-semibold">{fact.value}</dd>
            </div>
          ))}
        </dl>
      </div>
    )
  }
</section>
`,
    product: `${props}
<section class="overflow-hidden border-b border-line bg-raised">
  <div class="wrap pt-16 sm:pt-24">
    <div class="max-w-3xl">
      {eyebrow && <p class="inline-block rounded-full border border-line bg-page px-4 py-1.5 font-label text-sm text-muted">{eyebrow}</p>}
      <h1 class="display-xl mt-6">{heading}</h1>
      <p class="mt-6 max-w-[54ch] text-lg text-muted sm:text-xl">{text}</p>${actions()}
      {
        facts.length > 0 && (
          <dl class="mt-10 flex flex-wrap gap-x-10 gap-y-4 font-label text-sm">
            {facts.map((fact) => (
              <div class="flex gap-2">
                <dt class="text-muted">{fact.label}</dt>
                <dd class="font-medium">{fact.value}</dd>
              </div>
            ))}
          </dl>
        )
      }
    </div>
    {
      pictures.slice(0, 1).map(({ name, alt }) => (
        <Picture name={name} alt={alt} class="mt-14 w-full rounded-t-card border border-b-0 border-line" />
      ))
    }
  </div>
</section>
`,
    mosaic: `${props}
<section class="wrap pt-10 pb-16 sm:pt-14 sm:pb-24">
  <div class="grid gap-x-10 gap-y-6 lg:grid-cols-12">
    <h1 class="display-xl lg:col-span-8">{heading}</h1>
    <div class="lg:col-span-4 lg:self-end">
      {eyebrow && <p class="eyebrow mb-3">{eyebrow}</p>}
      <p class="max-w-[44ch] text-lg text-muted">{text}</p>
      {
        (primary || secondary) && (
          <div class="mt-6 flex flex-wrap items-center gap-x-6 gap-y-4">
            {primary && <a class="button" href={primary.href}>{primary.label}</a>}
            {secondary && <a class="link" href={secondary.href}>{secondary.label}</a>}
          </div>
        )
      }
    </div>
  </div>
  <div class="mt-10 grid grid-cols-2 gap-4 sm:grid-cols-6 sm:gap-5">
    {
      pictures.slice(0, 3).map(({ name, alt }, index) => (
        <Picture
          name={name}
          alt={alt}
          class:list={[
            'h-full w-full rounded-card',
            pictures.length > 1 && index === 0 ? 'col-span-2 sm:col-span-4 sm:row-span-2' : pictures.length > 1 ? 'sm:col-span-2' : 'col-span-2 sm:col-span-6',
          ]}
        />
      ))
    }
  </div>
  {
    facts.length > 0 && (
      <dl class="mt-6 flex flex-wrap gap-x-10 gap-y-3 text-sm">
        {facts.map((fact) => (
          <div class="flex gap-2">
            <dt class="text-muted">{fact.label}</dt>
            <dd class="font-medium">{fact.value}</dd>
          </div>
        ))}
      </dl>
    )
  }
</section>
`,
  },
};
