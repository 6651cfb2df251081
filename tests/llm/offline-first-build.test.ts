import { describe, expect, test } from 'vitest';
import { withAttachmentNote } from '#server/attachment-note.ts';
import { createOfflineBuilder } from '#server/llm/offline/offline-builder.ts';
import { readBrief } from '#server/llm/offline/understanding/brief.ts';
import { TOPICS } from '#server/llm/offline/topics/topics.ts';
import { LAYOUTS } from '#server/llm/offline/sections/section.ts';
import { composeSite } from '#server/llm/offline/site/compose.ts';
import { TOOLS, WORKSPACE, collect, makeWorkspace } from './offline-workspace.ts';

const PROMPTS = [
  'a landing page for a coffee roastery in Lisbon',
  'A website for my yoga studio called Still Water in Berlin',
  'SaaS landing page for an API monitoring tool named Pingwell with pricing and FAQ',
  "landing page for Maria's Bakery in Porto, in pink",
  'portfolio for Jane Doe, a wedding photographer',
  'my band The Midnight Sun needs a site, dark',
  'a site about my collection of vintage typewriters',
  'restaurant with a menu page and an about page',
  'law firm Weber & Söhne in Hamburg, navy and cream',
];

describe('the first build', () => {
  test.each(PROMPTS)('%s', async (prompt) => {
    const site = makeWorkspace();
    const { text, calls, rounds } = await site.ask(prompt);

    expect(rounds).toBeLessThanOrEqual(4);
    expect(text).toContain('rules, not an AI');
    expect(text.match(/rules, not an AI/g)).toHaveLength(1);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
    expect(site.read('src/pages/index.astro')).not.toContain('Your site begins here');

    const written = [...site.files].filter(([path]) => path.startsWith('src/') || path.startsWith('public/'));
    for (const [path, content] of written) {
      expect(content, path).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|lorem ipsum/i);
      expect(Math.max(...content.split('\n').map((line) => line.length)), `${path}: lines the agent can show whole`).toBeLessThan(2000);
    }
    for (const [path, content] of written)
      if (/\.(?:json|svg|css)$/.test(path)) expect(content, path).not.toMatch(/undefined|\bNaN\b|\{(?:name|place|in|subject)\b/);
    expectWholePages(site);
  });

  test('the same prompt gives the same site, another one another', async () => {
    const build = async (prompt: string) => {
      const site = makeWorkspace();
      await site.ask(prompt);
      return site.snapshot();
    };
    expect(await build(PROMPTS[0]!)).toBe(await build(PROMPTS[0]!));
    const all = await Promise.all(PROMPTS.map(build));
    expect(new Set(all).size).toBe(PROMPTS.length);
  });

  test('prompts differ in palette, type and layout', () => {
    const designs = PROMPTS.map((prompt) => readBrief(prompt).design);
    expect(new Set(designs.map(({ palette }) => palette)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(designs.map(({ layout }) => layout)).size).toBeGreaterThanOrEqual(3);
    expect(new Set(designs.map(({ type }) => type)).size).toBeGreaterThanOrEqual(4);
  });

  test('every topic composes in every layout, with all its links leading somewhere', () => {
    expect(TOPICS.length).toBeGreaterThanOrEqual(25);
    for (const topic of TOPICS) {
      for (const layout of LAYOUTS) {
        const brief = readBrief(`a place in Porto (${topic.id})`);
        const files = composeSite({ ...brief, topic, sections: [...topic.sections], design: { ...brief.design, topic: topic.id, layout } });
        const home = files.find(({ path }) => path === 'src/content/home.json')!.content;
        for (const [, kind] of home.matchAll(/"href": "\/#([\w-]+)"/g))
          expect(JSON.parse(home), `${topic.id} ${layout}`).toHaveProperty(kind!);
        expect(home).not.toMatch(/[{}¤](?=[a-z])/);
      }
    }
  });

  test('speaks chat-completions in small pieces and says when it ends', async () => {
    const messages = [
      { role: 'system' as const, content: `Working directory: ${WORKSPACE}` },
      { role: 'user' as const, content: 'a bakery' },
    ];
    const request = { model: 'doce/offline', messages, tools: TOOLS, stream: true, stream_options: { include_usage: true } };
    const chunks = await Array.fromAsync(createOfflineBuilder().stream(request, new AbortController().signal));
    expect(chunks[0]!.choices[0]!.delta.role).toBe('assistant');
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('tool_calls');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cost: 0 } });
    for (const chunk of chunks) expect(JSON.stringify(chunk).length).toBeLessThan(2500);
  });

  test('stops in the middle once it is told to', async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    const messages = [{ role: 'user' as const, content: 'a bakery' }];
    for await (const chunk of createOfflineBuilder().stream({ model: 'doce/offline', messages, tools: TOOLS }, stop.signal)) {
      seen.push(chunk);
      stop.abort();
    }
    expect(seen).toHaveLength(1);
  });

  test('without tools it answers in plain text', async () => {
    const ask = (system: string, user: string) =>
      collect(
        createOfflineBuilder().stream(
          {
            model: 'doce/offline',
            messages: [
              { role: 'system', content: system },
              { role: 'user', content: user },
            ],
          },
          new AbortController().signal,
        ),
      );
    expect((await ask('You are a title generator. You output ONLY a thread title.', 'a coffee roastery in Lisbon called Torra')).text).toBe(
      'Torra, coffee roastery',
    );
    expect((await ask('Summarize the conversation.', 'a coffee roastery in Lisbon')).text).toContain('coffee roastery in Lisbon');
    expect((await ask('You are helpful.', 'What is the capital of France?')).text).toContain('not an AI');
  });

  test('a greeting builds nothing and asks for a subject', async () => {
    const site = makeWorkspace();
    const before = site.snapshot();
    const { text } = await site.ask('hello');
    expect(site.snapshot()).toBe(before);
    expect(text).toMatch(/in one sentence/);
    await site.ask('a bakery in Porto');
    expect(site.json('src/content/site.json')).toMatchObject({ design: { topic: 'bakery' } });
  });
});

describe('what it reads from a prompt', () => {
  test.each([
    ['A website for my yoga studio called Still Water in Berlin', 'Still Water', 'Berlin', 'yoga'],
    ["landing page for Maria's Bakery in Porto", "Maria's Bakery", 'Porto', 'bakery'],
    ['I need a page for my dog walking business "Happy Tails"', 'Happy Tails', undefined, 'vet'],
    ['my band The Midnight Sun needs a site', 'The Midnight Sun', undefined, 'music'],
    ['my band called The Midnight Sun', 'The Midnight Sun', undefined, 'music'],
    ['law firm Weber & Söhne in Hamburg', 'Weber & Söhne', 'Hamburg', 'law'],
    ['Build a conference website for RustFest in Munich', 'RustFest', 'Munich', 'conference'],
    ['portfolio for Jane Doe, a wedding photographer', 'Jane Doe', undefined, 'photographer'],
  ])('%s', (prompt, name, place, topic) => {
    const brief = readBrief(prompt);
    expect([brief.name, brief.place, brief.topic.id]).toEqual([name, place, topic]);
  });

  test('an invented name says nothing of the place as a name', () => {
    const brief = readBrief('a landing page for a coffee roastery in Lisbon');
    expect(brief.named).toBe(false);
    expect(brief.place).toBe('Lisbon');
    expect(brief.name).not.toBe('Lisbon');
  });

  test('its own words become the subject of an unknown topic', () => {
    expect(readBrief('a site about my collection of vintage typewriters')).toMatchObject({
      topic: { id: 'generic' },
      subject: 'vintage typewriters',
    });
  });

  test('contact details, hours, colours, theme and pages are taken as given', () => {
    const brief = readBrief(
      'A bakery called Rye in Cork, olive, dark mode, open Tuesday to Saturday 7 to 15, mail rye@bread.ie, phone +353 21 555 0188, with an about page',
    );
    expect(brief.contact).toMatchObject({ email: 'rye@bread.ie', phone: '+353 21 555 0188' });
    expect(brief.hours).toEqual([{ days: 'Tuesday to Saturday', time: '7:00–15:00' }]);
    expect(brief.design).toMatchObject({ palette: 'olive', theme: 'dark' });
    expect(brief.pages.map(({ slug }) => slug)).toEqual(['about']);
  });

  test('sections asked for are there', () => {
    expect(readBrief('a bakery with a team section and pricing').sections).toEqual(expect.arrayContaining(['team', 'pricing']));
  });

  test('a prompt in another language is understood and answered with a note', async () => {
    const site = makeWorkspace();
    const { text } = await site.ask('uma página para uma padaria no Porto');
    expect(site.json('src/content/site.json')).toMatchObject({ design: { topic: 'bakery', place: 'Porto' } });
    expect(text).toContain('Escrevo apenas em inglês');
  });
});

/** Every import of every page and component is there, and so is every picture. */
function expectWholePages(site: ReturnType<typeof makeWorkspace>): void {
  for (const [path, content] of site.files) {
    if (!path.endsWith('.astro')) continue;
    for (const [, from] of content.matchAll(/from '(\.[^']+)'/g)) {
      const target = new URL(from!, `file:///${path}`).pathname.slice(1);
      expect(site.files.has(target), `${path} imports ${from}`).toBe(true);
    }
  }
  for (const [path, content] of site.files) {
    if (!path.startsWith('src/content/')) continue;
    for (const [, name] of content.matchAll(/"(?:picture|name)": "((?:hero|story|visit|spot|gallery|person)[\w-]*)"/g)) {
      expect(site.files.has(`src/assets/${name}.svg`), `${path} shows ${name}`).toBe(true);
    }
  }
}

describe('what was attached', () => {
  const files = [{ path: 'attachments/dentist (final).png', sizeBytes: 12, mediaType: 'image/png' }];

  test('changes nothing of the site, and the answer says where it lies', async () => {
    const prompt = 'a landing page for a coffee roastery in Lisbon';
    const [plain, attached] = [makeWorkspace(), makeWorkspace()];
    await plain.ask(prompt);
    const { text } = await attached.ask(withAttachmentNote(prompt, files));
    expect(attached.snapshot()).toBe(plain.snapshot());
    expect(text).toContain('`attachments/`');
    expect(text).toContain('choose a real model');
    expect(text).not.toContain('attached-files');
  });

  test('is spoken of with the request it came with, and not with the next', async () => {
    const site = makeWorkspace();
    await site.ask('a landing page for a coffee roastery in Lisbon');
    expect((await site.ask(withAttachmentNote('make it green', files))).text).toContain('`attachments/`');
    expect((await site.ask(withAttachmentNote('use this logo', files))).text).toMatch(
      /can’t do this one: “use this logo”[^]*`attachments\/`/,
    );
    expect((await site.ask('make it blue')).text).not.toContain('attachments');
  });
});
