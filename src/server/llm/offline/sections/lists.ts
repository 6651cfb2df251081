import type { SectionTemplate } from './section.ts';

/** Prices by group: a menu, a list of treatments, hourly rates. */
export const MENU: SectionTemplate = {
  component: 'Menu',
  sources: {
    standard: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  groups: { title: string; items: { name: string; text?: string; price: string }[] }[];
}

const { heading, text, groups } = Astro.props;
---

<Section id="menu" heading={heading} text={text}>
  <div class:list={['grid gap-x-14 gap-y-12 @3xl:grid-cols-2', groups.length === 3 && '@5xl:grid-cols-3']}>
    {
      groups.map((group) => (
        <div>
          <h3 class="display-sm text-accent">{group.title}</h3>
          <ul class="mt-5 divide-y divide-line border-y border-line">
            {group.items.map((item) => (
              <li class="py-4">
                <p class="flex items-baseline justify-between gap-6">
                  <span class="font-medium">{item.name}</span>
                  <span class="font-label whitespace-nowrap tabular-nums">{item.price}</span>
                </p>
                {item.text && <p class="mt-1 max-w-[46ch] text-sm text-muted">{item.text}</p>}
              </li>
            ))}
          </ul>
        </div>
      ))
    }
  </div>
</Section>
`,
    poster: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  groups: { title: string; items: { name: string; text?: string; price: string }[] }[];
}

const { heading, text, groups } = Astro.props;
---

<Section id="menu" heading={heading} text={text} tinted>
  <div class:list={['grid gap-6 @3xl:grid-cols-2', groups.length === 3 && '@5xl:grid-cols-3']}>
    {
      groups.map((group) => (
        <div class="rounded-card bg-page p-7 sm:p-9">
          <h3 class="display-md">{group.title}</h3>
          <ul class="mt-6 space-y-5">
            {group.items.map((item) => (
              <li>
                <p class="flex items-baseline gap-3">
                  <span class="font-semibold">{item.name}</span>
                  <span class="flex-1 border-b-2 border-dotted border-line" />
                  <span class="font-label whitespace-nowrap tabular-nums">{item.price}</span>
                </p>
                {item.text && <p class="mt-1 max-w-[46ch] text-sm text-muted">{item.text}</p>}
              </li>
            ))}
          </ul>
        </div>
      ))
    }
  </div>
</Section>
`,
  },
};

/** A timetable or programme. */
export const SCHEDULE: SectionTemplate = {
  component: 'Schedule',
  sources: {
    standard: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  days: { title: string; items: { time: string; name: string; text?: string }[] }[];
}

const { heading, text, days } = Astro.props;
---

<Section id="schedule" heading={heading} text={text}>
  <div class:list={['grid gap-x-12 gap-y-12 @3xl:grid-cols-2', days.length === 3 && '@5xl:grid-cols-3']}>
    {
      days.map((day) => (
        <div>
          <h3 class="display-sm border-b-2 border-ink pb-3">{day.title}</h3>
          <ul class="divide-y divide-line">
            {day.items.map((item) => (
              <li class="grid grid-cols-[6rem_1fr] gap-4 py-4">
                <span class="font-label text-sm text-accent tabular-nums">{item.time}</span>
                <div>
                  <p class="font-medium">{item.name}</p>
                  {item.text && <p class="mt-0.5 text-sm text-muted">{item.text}</p>}
                </div>
              </li>
            ))}
          </ul>
        </div>
      ))
    }
  </div>
</Section>
`,
  },
};

/** How something goes, in order. */
export const STEPS: SectionTemplate = {
  component: 'Steps',
  sources: {
    standard: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { title: string; text: string }[];
}

const { heading, text, items } = Astro.props;
---

<Section id="steps" heading={heading} text={text}>
  <ol class="grid gap-10 @xl:grid-cols-2 @4xl:grid-cols-4">
    {
      items.map((item, index) => (
        <li>
          <p class="flex items-center gap-4" aria-hidden="true">
            <span class="grid size-10 shrink-0 place-items-center rounded-full bg-band font-label text-sm font-semibold text-on-band">{index + 1}</span>
            <span class="h-px flex-1 bg-line" />
          </p>
          <h3 class="display-sm mt-5">{item.title}</h3>
          <p class="mt-2 text-muted">{item.text}</p>
        </li>
      ))
    }
  </ol>
</Section>
`,
    editorial: `
---
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  items: { title: string; text: string }[];
}

const { heading, text, items } = Astro.props;
---

<Section id="steps" heading={heading} text={text}>
  <ol class="space-y-10 border-l-2 border-line pl-8">
    {
      items.map((item) => (
        <li class="relative before:absolute before:top-2 before:-left-[2.45rem] before:size-3 before:rounded-full before:bg-accent">
          <h3 class="display-sm">{item.title}</h3>
          <p class="mt-2 max-w-[56ch] text-muted">{item.text}</p>
        </li>
      ))
    }
  </ol>
</Section>
`,
  },
};

const faqProps = (framed: boolean) => `
---
${framed ? "import Section from './Section.astro';\n\n" : ''}interface Props {
  heading: string;
  text?: string;
  items: { question: string; answer: string }[];
}

const { heading, text, items } = Astro.props;
---
`;

const answers = `
    {
      items.map((item) => (
        <details class="group">
          <summary class="flex cursor-pointer list-none items-center justify-between gap-6 py-5 text-lg font-medium [&::-webkit-details-marker]:hidden">
            {item.question}
            <span class="relative size-4 shrink-0 text-accent" aria-hidden="true">
              <span class="absolute top-1/2 h-0.5 w-full -translate-y-1/2 bg-current" />
              <span class="absolute left-1/2 h-full w-0.5 -translate-x-1/2 bg-current group-open:hidden" />
            </span>
          </summary>
          <p class="max-w-[62ch] pb-6 text-muted">{item.answer}</p>
        </details>
      ))
    }`;

export const FAQ: SectionTemplate = {
  component: 'Faq',
  sources: {
    standard: `${faqProps(false)}
<section id="faq" aria-labelledby="faq-heading" class="scroll-mt-20">
  <div class="wrap grid gap-10 py-20 sm:py-24 lg:grid-cols-[1fr_1.7fr] lg:gap-16">
    <header>
      <h2 id="faq-heading" class="display-lg">{heading}</h2>
      {text && <p class="mt-4 text-lg text-muted">{text}</p>}
    </header>
    <div class="divide-y divide-line self-start border-y border-line">${answers.replaceAll('\n', '\n  ')}
    </div>
  </div>
</section>
`,
    centered: `${faqProps(true)}
<Section id="faq" heading={heading} text={text}>
  <div class="mx-auto max-w-3xl divide-y divide-line border-y border-line">${answers}
  </div>
</Section>
`,
    editorial: `${faqProps(true)}
<Section id="faq" heading={heading} text={text}>
  <dl class="grid gap-x-10 gap-y-10 @2xl:grid-cols-2">
    {
      items.map((item) => (
        <div>
          <dt class="text-lg font-medium">{item.question}</dt>
          <dd class="mt-2 text-muted">{item.answer}</dd>
        </div>
      ))
    }
  </dl>
</Section>
`,
  },
};
