import type { SectionTemplate } from './section.ts';

export const VISIT: SectionTemplate = {
  component: 'Visit',
  sources: {
    standard: `
---
import site from '../content/site.json';
import Picture from './Picture.astro';
import Section from './Section.astro';

interface Props {
  heading: string;
  text?: string;
  directions?: string;
  picture?: { name: string; alt: string };
}

const { heading, text, directions, picture } = Astro.props;
---

<Section id="visit" heading={heading} text={text}>
  <div class="grid gap-10 @3xl:grid-cols-2">
    <div class="grid content-start gap-8 @lg:grid-cols-2 @3xl:grid-cols-1">
      {
        site.hours.length > 0 && (
          <div>
            <h3 class="font-label text-sm font-medium text-accent">Opening hours</h3>
            <dl class="mt-3 space-y-2">
              {site.hours.map((entry) => (
                <div class="flex max-w-sm justify-between gap-6 border-b border-line pb-2">
                  <dt>{entry.days}</dt>
                  <dd class="tabular-nums">{entry.time}</dd>
                </div>
              ))}
            </dl>
          </div>
        )
      }
      <div>
        <h3 class="font-label text-sm font-medium text-accent">Where we are</h3>
        <address class="mt-3 not-italic">{site.contact.address}</address>
        {directions && <p class="mt-2 max-w-[42ch] text-muted">{directions}</p>}
      </div>
    </div>
    {picture && <Picture name={picture.name} alt={picture.alt} class="w-full rounded-card" />}
  </div>
</Section>
`,
  },
};

const contactProps = `
---
import site from '../content/site.json';
`;

export const CONTACT: SectionTemplate = {
  component: 'Contact',
  sources: {
    standard: `${contactProps}
interface Props {
  heading: string;
  text?: string;
}

const { heading, text } = Astro.props;
const { email, phone, address } = site.contact;
---

<section id="contact" aria-labelledby="contact-heading" class="scroll-mt-20 bg-raised">
  <div class="wrap grid gap-12 py-20 sm:py-24 lg:grid-cols-2">
    <div>
      <h2 id="contact-heading" class="display-lg">{heading}</h2>
      {text && <p class="mt-4 max-w-[46ch] text-lg text-muted">{text}</p>}
    </div>
    <dl class="divide-y divide-line border-y border-line text-lg">
      <div class="grid gap-1 py-5 sm:grid-cols-[7rem_1fr]">
        <dt class="text-muted">Email</dt>
        <dd><a class="link" href={'mailto:' + email}>{email}</a></dd>
      </div>
      <div class="grid gap-1 py-5 sm:grid-cols-[7rem_1fr]">
        <dt class="text-muted">Phone</dt>
        <dd><a class="link" href={'tel:' + phone.replace(/[^+0-9]/g, '')}>{phone}</a></dd>
      </div>
      <div class="grid gap-1 py-5 sm:grid-cols-[7rem_1fr]">
        <dt class="text-muted">Address</dt>
        <dd>{address}</dd>
      </div>
    </dl>
  </div>
</section>
`,
    centered: `${contactProps}
interface Props {
  heading: string;
  text?: string;
}

const { heading, text } = Astro.props;
const { email, phone, address } = site.contact;
---

<section id="contact" aria-labelledby="contact-heading" class="scroll-mt-20">
  <div class="wrap py-20 text-center sm:py-24">
    <h2 id="contact-heading" class="display-lg">{heading}</h2>
    {text && <p class="mx-auto mt-4 max-w-[46ch] text-lg text-muted">{text}</p>}
    <p class="mt-9"><a class="button" href={'mailto:' + email}>{email}</a></p>
    <p class="mt-6 text-muted">
      <a class="link" href={'tel:' + phone.replace(/[^+0-9]/g, '')}>{phone}</a>
      <span class="mx-3" aria-hidden="true">·</span>
      {address}
    </p>
  </div>
</section>
`,
    editorial: `${contactProps}
interface Props {
  heading: string;
  text?: string;
}

const { heading, text } = Astro.props;
const { email, phone, address } = site.contact;
---

<section id="contact" aria-labelledby="contact-heading" class="scroll-mt-20">
  <div class="wrap">
    <div class="border-t border-line py-16 sm:py-24">
      <h2 id="contact-heading" class="text-muted">{heading}</h2>
      <p class="mt-4"><a class="display-lg break-words underline decoration-line decoration-2 underline-offset-8 hover:decoration-accent" href={'mailto:' + email}>{email}</a></p>
      <div class="mt-10 grid gap-6 text-lg sm:grid-cols-3">
        {text && <p class="max-w-[40ch] text-muted">{text}</p>}
        <p><a class="link" href={'tel:' + phone.replace(/[^+0-9]/g, '')}>{phone}</a></p>
        <address class="not-italic">{address}</address>
      </div>
    </div>
  </div>
</section>
`,
    poster: `${contactProps}
interface Props {
  heading: string;
  text?: string;
}

const { heading, text } = Astro.props;
const { email, phone, address } = site.contact;
---

<section id="contact" aria-labelledby="contact-heading" class="scroll-mt-20">
  <div class="wrap py-20 sm:py-24">
    <div class="rounded-card bg-raised p-8 sm:p-14">
      <h2 id="contact-heading" class="display-xl max-w-[14ch]">{heading}</h2>
      {text && <p class="mt-5 max-w-[50ch] text-lg text-muted">{text}</p>}
      <div class="mt-10 flex flex-wrap items-center gap-x-10 gap-y-5 text-lg">
        <a class="button" href={'mailto:' + email}>{email}</a>
        <a class="link" href={'tel:' + phone.replace(/[^+0-9]/g, '')}>{phone}</a>
        <address class="not-italic">{address}</address>
      </div>
    </div>
  </div>
</section>
`,
  },
};

export const NEWSLETTER: SectionTemplate = {
  component: 'Newsletter',
  sources: {
    standard: `${contactProps}
interface Props {
  heading: string;
  text: string;
  button: string;
}

const { heading, text, button } = Astro.props;
const href = 'mailto:' + site.contact.email + '?subject=' + encodeURIComponent('Please add me to the letter');
---

<section id="newsletter" aria-labelledby="newsletter-heading" class="wrap scroll-mt-20 py-14">
  <div class="flex flex-wrap items-center justify-between gap-8 rounded-card border border-line bg-raised p-8 sm:p-12">
    <div class="max-w-xl">
      <h2 id="newsletter-heading" class="display-md">{heading}</h2>
      <p class="mt-3 text-muted">{text}</p>
    </div>
    <a class="button" href={href}>{button}</a>
  </div>
</section>
`,
  },
};

export const BANNER: SectionTemplate = {
  component: 'Banner',
  sources: {
    standard: `
---
interface Props {
  heading: string;
  text?: string;
  action: { label: string; href: string };
}

const { heading, text, action } = Astro.props;
---

<section aria-labelledby="banner-heading" class="bg-band text-on-band">
  <div class="wrap flex flex-wrap items-center justify-between gap-8 py-16 sm:py-20">
    <div class="max-w-2xl">
      <h2 id="banner-heading" class="display-lg">{heading}</h2>
      {text && <p class="mt-4 text-lg">{text}</p>}
    </div>
    <a class="button-inverse" href={action.href}>{action.label}</a>
  </div>
</section>
`,
  },
};
