import { describe, expect, test } from 'vitest';
import { sectionsOnPage } from '#server/llm/offline/site/page-edit.ts';
import { makeWorkspace } from './offline-workspace.ts';

const INDEX = 'src/pages/index.astro';
const HOME = 'src/content/home.json';
const SITE = 'src/content/site.json';
const CSS = 'src/styles/global.css';

interface Home {
  title: string;
  hero: { heading: string; text: string; primary: { label: string }; pictures: { name: string }[] };
  menu: { groups: { items: { name: string; price: string }[] }[] };
  faq: { items: { question: string; answer: string }[] };
  pricing: { heading: string; plans: { name: string; price: string }[] };
  team: { items: { name: string; role: string }[] };
  testimonials: { items: { quote: string }[] };
}
interface Site {
  name: string;
  tagline: string;
  contact: { email: string; phone: string; address: string };
  hours: { days: string; time: string }[];
  nav: { label: string; href: string }[];
  action: { label: string };
}

async function setup(prompt = 'a landing page for a coffee roastery in Lisbon called Torra') {
  const site = makeWorkspace();
  await site.ask(prompt);
  return {
    ...site,
    home: () => site.json<Home>(HOME),
    site: () => site.json<Site>(SITE),
    order: () => sectionsOnPage(site.read(INDEX)),
  };
}

describe('text', () => {
  test.each([
    ["change the headline to 'Coffee, unhurried'", 'Coffee, unhurried'],
    ['make the title of the hero say "Coffee, unhurried"', 'Coffee, unhurried'],
    ['please chnage the headlin to “Coffee, unhurried”', 'Coffee, unhurried'],
    ['set the main heading to Coffee, unhurried', 'Coffee, unhurried'],
  ])('%s', async (request, heading) => {
    const site = await setup();
    await site.ask(request);
    expect(site.home().hero.heading).toBe(heading);
  });

  test.each([['change the name to Half Light'], ['rename it to "Half Light"'], ['call it Half Light'], ["change 'Torra' to 'Half Light'"]])(
    '%s',
    async (request) => {
      const site = await setup();
      await site.ask(request);
      expect(site.site()).toMatchObject({ name: 'Half Light', contact: { email: 'hello@half-light.example' } });
      expect(site.home().title).toContain('Half Light');
      expect(site.read(HOME) + site.read(SITE)).not.toContain('Torra');
    },
  );

  test('any quoted text, wherever it stands, and nothing else', async () => {
    const site = await setup();
    const question = site.home().faq.items[0]!.question;
    const before = site.read(HOME);
    const { text } = await site.ask(`change "${question}" to "When was it roasted?"`);
    expect(site.read(HOME)).toBe(before.replace(question, 'When was it roasted?'));
    expect(text).toContain('src/content/home.json');
  });

  test('quoted text that was written into a component by hand', async () => {
    const site = await setup();
    site.files.set('src/components/SiteFooter.astro', `${site.read('src/components/SiteFooter.astro')}\n<p>Made on a Tuesday</p>\n`);
    await site.ask("change 'Made on a Tuesday' to 'Made on a Friday'");
    expect(site.read('src/components/SiteFooter.astro')).toContain('<p>Made on a Friday</p>');
  });

  test('text that is not there is said, not guessed', async () => {
    const site = await setup();
    const before = site.snapshot();
    const { text } = await site.ask("change 'Roasted on the moon' to 'Roasted here'");
    expect(text).toContain('I found no “Roasted on the moon”');
    expect(site.snapshot()).toBe(before);
  });

  test('subtitle, tagline, button, contact details and hours', async () => {
    const site = await setup();
    await site.ask('change the subtitle to "Small drum, long bar"; change the tagline to "Slow coffee"');
    await site.ask("change the button text to 'Order beans'");
    await site.ask('the email is hi@torra.pt and set the phone to +351 210 555 014');
    await site.ask('change the address to 12 Rua das Flores');
    await site.ask('we are open Tuesday to Sunday 9 to 18');
    expect(site.home().hero).toMatchObject({ text: 'Small drum, long bar', primary: { label: 'Order beans' } });
    expect(site.site()).toMatchObject({
      tagline: 'Slow coffee',
      contact: { email: 'hi@torra.pt', phone: '+351 210 555 014', address: '12 Rua das Flores' },
      hours: [{ days: 'Tuesday to Sunday', time: '9:00–18:00' }],
    });
  });

  test('the heading of a section', async () => {
    const site = await setup();
    await site.ask('add pricing');
    await site.ask('change the pricing title to "Coffee by post"');
    expect(site.home().pricing.heading).toBe('Coffee by post');
  });
});

describe('sections', () => {
  test('are added where they belong, with their component, content and link', async () => {
    const site = await setup();
    await site.ask('add pricing and a gallery');
    expect(site.order()).toEqual(expect.arrayContaining(['pricing', 'gallery']));
    expect(site.order().indexOf('pricing')).toBeLessThan(site.order().indexOf('faq'));
    expect(site.files.has('src/components/Pricing.astro')).toBe(true);
    expect(site.read(INDEX)).toContain("import Gallery from '../components/Gallery.astro';");
    expect(site.read(INDEX)).toContain('<Gallery {...home.gallery} />');
    expect(site.home()).toHaveProperty('gallery');
  });

  test.each([
    ['add testimonials at the top', ['a bakery'], 'first'],
    ['add a newsletter at the bottom', ['a bakery'], 'last'],
  ])('%s', async (request, [prompt], where) => {
    const site = await setup(prompt);
    await site.ask('remove testimonials');
    await site.ask('remove newsletter');
    await site.ask(request);
    expect(where === 'first' ? site.order()[1] : site.order().at(-1)).toBe(where === 'first' ? 'testimonials' : 'newsletter');
  });

  test('are removed with component, content and every link to them', async () => {
    const site = await setup();
    await site.ask('please remove the menu section');
    expect(site.order()).not.toContain('menu');
    expect(site.files.has('src/components/Menu.astro')).toBe(false);
    expect(site.read(INDEX)).not.toContain('Menu');
    expect(site.read(HOME) + site.read(SITE)).not.toContain('/#menu');
    await site.ask('bring back the menu');
    expect(site.order()).toContain('menu');
  });

  test.each([
    ['move the FAQ up', (before: string[]) => before.indexOf('faq') - 1],
    ['move faq to the top', () => 1],
    ['put the FAQ at the end', (before: string[]) => before.length - 1],
    ['move the faq above the menu', (before: string[]) => before.indexOf('menu')],
    ['move the questions below the story', (before: string[]) => before.indexOf('story') + 1],
  ])('%s', async (request, expected) => {
    const site = await setup();
    const before = site.order();
    await site.ask(request);
    expect(site.order().indexOf('faq')).toBe(expected(before));
    expect([...site.order()].sort()).toEqual([...before].sort());
  });

  test('are swapped and put in order', async () => {
    const site = await setup();
    await site.ask('swap the menu and the story');
    expect(site.order().slice(1, 4)).toEqual(['features', 'menu', 'story']);
    await site.ask('reorder: faq, menu, features');
    expect(site.order().slice(0, 4)).toEqual(['hero', 'faq', 'menu', 'features']);
  });

  test('the hero stays, and what is missing or there already is said', async () => {
    const site = await setup();
    const before = site.snapshot();
    expect((await site.ask('remove the hero')).text).toContain('The hero stays');
    expect((await site.ask('remove the team')).text).toContain('There is no team');
    expect((await site.ask('add a FAQ')).text).toContain('already');
    expect(site.snapshot()).toBe(before);
  });
});

describe('look', () => {
  test.each([
    ['make it green', 'forest and moss'],
    ['use navy and cream', 'navy and cream'],
    ['change the colours to burgundy', 'burgundy and gold'],
    ['can you make it purple please', 'lilac and citron'],
  ])('%s', async (request, name) => {
    const site = await setup();
    const before = site.read(CSS);
    await site.ask(request);
    expect(site.read(CSS)).toContain(`/* Palette: ${name} */`);
    expect(
      site
        .read(CSS)
        .split('\n')
        .filter((line) => !/--color-|Palette/.test(line)),
    ).toEqual(before.split('\n').filter((line) => !/--color-|Palette/.test(line)));
  });

  test.each(['warmer colours please', 'make it more colourful', 'a different palette', 'softer colors'])('%s', async (request) => {
    const site = await setup();
    const before = site.read(CSS);
    await site.ask(request);
    expect(site.read(CSS)).not.toBe(before);
  });

  test.each([
    ['dark mode', 'dark'],
    ['make it dark', 'dark'],
    ['switch to dark mode', 'dark'],
    ['turn off dark mode', 'light'],
    ['light theme only', 'light'],
  ])('%s', async (request, scheme) => {
    const site = await setup();
    await site.ask(request);
    expect(site.read(CSS)).toContain(`color-scheme: ${scheme};`);
  });

  test('a switch for light and dark comes and goes', async () => {
    const site = await setup();
    const header = site.read('src/components/SiteHeader.astro');
    await site.ask('add a dark mode toggle');
    expect(site.read('src/components/SiteHeader.astro')).toContain('<ThemeSwitch />');
    expect(site.files.has('src/components/ThemeSwitch.astro')).toBe(true);
    await site.ask('remove the dark mode toggle');
    expect(site.read('src/components/SiteHeader.astro')).toBe(header);
    expect(site.files.has('src/components/ThemeSwitch.astro')).toBe(false);
  });

  test.each([
    ['use serif headings', /Fraunces/],
    ['make the fonts more modern', /Instrument Sans throughout/],
    ['monospace font please', /Space Grotesk/],
    ['different fonts', /Type: /],
  ])('%s', async (request, type) => {
    const site = await setup('a bakery called Rye with friendly fonts');
    const before = site.read(CSS);
    await site.ask(request);
    expect(site.read(CSS)).toMatch(type);
    expect(site.read(CSS)).not.toBe(before);
    expect(site.read(CSS).match(/@import 'tailwindcss'/g)).toHaveLength(1);
  });

  test('another hero, and another layout for the whole site, with the text kept', async () => {
    const site = await setup();
    const heading = site.home().hero.heading;
    await site.ask('centre the hero');
    expect(site.read('src/components/Hero.astro')).toContain('text-center');
    await site.ask('use a magazine layout for the whole site');
    expect(site.read('src/components/Section.astro')).toContain('lg:col-span-4');
    expect(site.home().hero.heading).toBe(heading);
    await site.ask('redraw the pictures, new ones please');
    expect(site.home().hero.heading).toBe(heading);
  });
});

describe('pages', () => {
  test('about, with navigation, and away again', async () => {
    const site = await setup();
    await site.ask('add an about page');
    expect(site.read('src/pages/about.astro')).toContain('<PageHeader {...about.opening} />');
    expect(site.site().nav).toEqual(
      expect.arrayContaining([
        { label: 'Home', href: '/' },
        { label: 'About', href: '/about' },
      ]),
    );
    await site.ask('remove the about page');
    expect(site.files.has('src/pages/about.astro')).toBe(false);
    expect(site.site().nav.some(({ href }) => href === '/about' || href === '/')).toBe(false);
  });

  test('a menu page with prices says what the home page says', async () => {
    const site = await setup();
    await site.ask('add a menu page with prices');
    expect(site.json<Home>('src/content/menu.json').menu).toEqual(site.home().menu);
    await site.ask('change the price of the flat white to 3.90');
    expect(site.home().menu.groups[0]!.items.find(({ name }) => name === 'Flat white')?.price).toBe('€3.90');
  });

  test('a page of another name', async () => {
    const site = await setup();
    await site.ask('add a page called "Our Farms"');
    expect(site.files.has('src/pages/our-farms.astro')).toBe(true);
    expect(site.read('src/pages/our-farms.astro')).toContain('ourFarms.title');
  });
});

describe('entries', () => {
  test('prices, dishes, questions, quotes and people', async () => {
    const site = await setup();
    await site.ask("add 'Cortado' to the menu for €2.20");
    await site.ask('change the price of the espresso to 1.60');
    await site.ask("add an FAQ: 'Do you ship abroad?' 'Yes, within Europe.'");
    await site.ask("add a testimonial from Ana Luz: 'Best cup in town.'");
    await site.ask('add Maria Silva as head barista to the team');
    await site.ask('remove the filter of the day from the menu');
    const { menu, faq, testimonials, team } = site.home();
    expect(menu.groups[0]!.items.find(({ name }) => name === 'Cortado')).toMatchObject({ price: '€2.20' });
    expect(menu.groups[0]!.items.find(({ name }) => name === 'Espresso')).toMatchObject({ price: '€1.60' });
    expect(menu.groups[0]!.items.some(({ name }) => name === 'Filter of the day')).toBe(false);
    expect(faq.items.at(-1)).toEqual({ question: 'Do you ship abroad?', answer: 'Yes, within Europe.' });
    expect(testimonials.items.at(-1)).toMatchObject({ quote: 'Best cup in town.', name: 'Ana Luz' });
    expect(team.items.at(-1)).toMatchObject({ name: 'Maria Silva', role: 'Head barista' });
  });

  test('the price of a plan, by its name', async () => {
    const site = await setup();
    await site.ask('add pricing');
    const plan = site.home().pricing.plans[1]!.name;
    await site.ask(`change the price of the ${plan} plan to 19`);
    expect(site.home().pricing.plans[1]!.price).toBe('€19');
  });
});

describe('honesty', () => {
  test.each([
    'write me a poem about rain',
    'connect it to stripe and a postgres database',
    'translate everything to Japanese',
    'what is the weather',
  ])('%s', async (request) => {
    const site = await setup();
    const before = site.snapshot();
    const { text } = await site.ask(request);
    expect(text).toContain('Nothing was changed');
    expect(text.match(/^- /gm)).toHaveLength(3);
    expect(text).toContain('provider key');
    expect(site.snapshot()).toBe(before);
  });

  test('what it understood is done, what it did not is named', async () => {
    const site = await setup();
    const { text } = await site.ask('make it green and then write a symphony');
    expect(site.read(CSS)).toContain('forest and moss');
    expect(text).toContain('I did not understand “write a symphony”');
  });

  test('undo names the place where it is, without touching a file', async () => {
    const site = await setup();
    const before = site.snapshot();
    const { text, calls } = await site.ask('undo that');
    expect(text).toContain('History');
    expect(calls).toEqual([]);
    expect(site.snapshot()).toBe(before);
  });

  test('a new site is never built over the old one by accident', async () => {
    const site = await setup();
    await site.ask('a portfolio for a ceramicist in Porto');
    expect(site.site().name).toBe('Torra');
    await site.ask('start over: a portfolio for a ceramicist in Porto called Barro');
    expect(site.site().name).toBe('Barro');
    expect(site.order().every((kind) => site.read(HOME).includes(`"${kind}"`))).toBe(true);
  });
});

describe('what people did by hand', () => {
  test('stays: extra lines in a page, other text, new declarations', async () => {
    const site = await setup();
    site.files.set(INDEX, site.read(INDEX).replace('<main id="main">', '<main id="main">\n    <p>By hand</p>'));
    site.files.set(HOME, site.read(HOME).replace(site.home().hero.heading, 'My own words'));
    site.files.set(CSS, `${site.read(CSS)}\n.mine { color: red; }\n`);
    await site.ask('make it teal, add a gallery and move the faq up');
    expect(site.read(INDEX)).toContain('<p>By hand</p>');
    expect(site.home().hero.heading).toBe('My own words');
    expect(site.read(CSS)).toContain('.mine { color: red; }');
  });

  test('a content file that is broken is named and left alone', async () => {
    const site = await setup();
    site.files.set(HOME, site.read(HOME).slice(0, 200));
    const before = site.snapshot();
    const { text } = await site.ask('add pricing');
    expect(text).toContain('src/content/home.json');
    expect(text).toContain('Nothing was changed');
    expect(site.snapshot()).toBe(before);
  });

  test('a site of someone else’s making is left alone', async () => {
    const site = await setup();
    site.files.set(INDEX, '<h1>Handmade</h1>\n');
    const before = site.snapshot();
    const { text } = await site.ask('make it green');
    expect(text).toContain('was not put together by the offline builder');
    expect(site.snapshot()).toBe(before);
  });
});
