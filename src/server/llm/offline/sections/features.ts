import type { SectionTemplate } from './section.ts';

const props = (withPicture: boolean) => `
---
${withPicture ? "import Picture from './Picture.astro';\n" : ''}import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { title: string; text: string; picture?: string }[];
}

const { heading, text, items } = Astro.props;
---
`;

export const FEATURES: SectionTemplate = {
  component: 'Features',
  sources: {
    standard: `${props(true)}
<Section id="features" heading={heading} text={text}>
  <ul class="grid gap-5 @xl:grid-cols-2 @4xl:grid-cols-3">
    {
      items.map((item) => (
        <li class="rounded-card border border-line bg-raised p-7">
          {item.picture && <Picture name={item.picture} class="size-24" />}
          <h3 class="display-sm mt-6">{item.title}</h3>
          <p class="mt-2 text-muted">{item.text}</p>
        </li>
      ))
    }
  </ul>
</Section>
`,
    centered: `${props(true)}
<Section id="features" heading={heading} text={text}>
  <ul class="grid gap-x-10 gap-y-14 text-center @xl:grid-cols-2 @4xl:grid-cols-3">
    {
      items.map((item) => (
        <li>
          {item.picture && <Picture name={item.picture} class="mx-auto size-32" />}
          <h3 class="display-sm mt-6">{item.title}</h3>
          <p class="mx-auto mt-2 max-w-[34ch] text-muted">{item.text}</p>
        </li>
      ))
    }
  </ul>
</Section>
`,
    editorial: `${props(false)}
<Section id="features" heading={heading} text={text}>
  <ol class="border-b border-line">
    {
      items.map((item, index) => (
        <li class="grid gap-2 border-t border-line py-7 first:border-t-0 first:pt-0 @xl:grid-cols-[4rem_1fr_1.4fr] @xl:gap-6">
          <span class="font-label text-sm text-accent" aria-hidden="true">{String(index + 1).padStart(2, '0')}</span>
          <h3 class="display-sm">{item.title}</h3>
          <p class="text-muted">{item.text}</p>
        </li>
      ))
    }
  </ol>
</Section>
`,
    poster: `${props(true)}
<Section id="features" heading={heading} text={text}>
  <ul class="grid @2xl:grid-cols-2">
    {
      items.map((item) => (
        <li class="flex items-start gap-6 border-line py-8 not-last:border-b @2xl:odd:pr-8 @2xl:even:border-l @2xl:even:pl-8">
          {item.picture && <Picture name={item.picture} class="size-24 shrink-0" />}
          <div>
            <h3 class="display-sm">{item.title}</h3>
            <p class="mt-2 text-muted">{item.text}</p>
          </div>
        </li>
      ))
    }
  </ul>
</Section>
`,
    product: `${props(true)}
<Section id="features" heading={heading} text={text}>
  <ul class="grid gap-4 @2xl:grid-cols-6">
    {
      items.map((item, index) => (
        <li
          class:list={[
            'flex flex-col justify-between gap-10 rounded-card border border-line bg-raised p-7',
            index < 2 ? '@2xl:col-span-3' : '@2xl:col-span-2',
          ]}
        >
          {item.picture && <Picture name={item.picture} class:list={[index < 2 ? 'size-32' : 'size-20']} />}
          <div>
            <h3 class="display-sm">{item.title}</h3>
            <p class="mt-2 text-muted">{item.text}</p>
          </div>
        </li>
      ))
    }
  </ul>
</Section>
`,
    mosaic: `${props(false)}
<Section id="features" heading={heading} text={text}>
  <ul class="grid gap-x-12 gap-y-10 @2xl:grid-cols-2">
    {
      items.map((item) => (
        <li class="border-t-2 border-ink pt-5">
          <h3 class="display-sm">{item.title}</h3>
          <p class="mt-2 max-w-[52ch] text-muted">{item.text}</p>
        </li>
      ))
    }
  </ul>
</Section>
`,
  },
};
