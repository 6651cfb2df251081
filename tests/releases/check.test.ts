import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRelease } from '#server/releases/check.ts';
import { readLinks, readStyleLinks } from '#server/releases/links.ts';
import { setupStore } from './setup.ts';
import type { Files } from './setup.ts';

async function check(files: Files, secrets: string[] = []) {
  const { place } = setupStore();
  const release = await place(files);
  return checkRelease({ release, secrets, signal: new AbortController().signal });
}

test('a site whose links all lead somewhere passes', async () => {
  const findings = await check({
    'index.html': `<link rel="canonical" href="/not/here"><link rel="stylesheet" href="/_astro/a.css"><a href="about">About</a>
      <a href="/about/#team">Team</a><a href="#top">Up</a><a href="">Here</a><a href="mailto:a@b.c">Mail</a><a href="tel:1">Call</a>
      <a href="https://example.com/nope">Out</a><a href="//example.com/nope">Out</a><a href="javascript:void 0">Script</a>
      <img src="data:image/png;base64,AA" srcset="/a.png 1x, /a.png?x=1 2x"><a href="http://[bad">odd</a>`,
    'about/index.html': '<a href="../">Home</a><a href="./">Here</a><img src="../a.png"><meta http-equiv="refresh" content="0;url=/about">',
    '_astro/a.css': '@font-face { src: url(./font.woff2) } /* url(gone.png) */ a { background: url("data:,") }',
    '_astro/font.woff2': 'font',
    'a.png': 'png',
  });
  expect(findings).toEqual([]);
});

test('what leads nowhere is named with its file and line, once', async () => {
  const findings = await check({
    'index.html': '<h1>Bread</h1>\n<a href="/menu">Menu</a>\n<a href="/menu">Menu</a>\n<img src="oven.jpg">\n',
    'about/index.html': '<a href="contact/">Contact</a>',
    '_astro/a.css': 'a { color: red }\nb { background: url(/bg.png) }',
  });
  expect(findings).toEqual([
    { kind: 'link', file: '_astro/a.css', line: 2, message: 'refers to /bg.png, which is not there' },
    { kind: 'link', file: 'about/index.html', line: 1, message: 'refers to contact/, which is not there' },
    { kind: 'link', file: 'index.html', line: 2, message: 'refers to /menu, which is not there' },
    { kind: 'link', file: 'index.html', line: 4, message: 'refers to oven.jpg, which is not there' },
  ]);
});

test('a secret is found in any file, named by its place and never repeated', async () => {
  const secret = 'sk-or-v1-1234567890';
  const findings = await check(
    { 'index.html': 'fine', '_astro/app.js': `a;\nb;\nconst key = "${secret}";`, 'data.bin': Buffer.from(`\0\0${secret}`) },
    [secret, 'short', ''],
  );
  expect(findings).toEqual([
    { kind: 'secret', file: '_astro/app.js', line: 3, message: 'contains a key that is stored in doce' },
    { kind: 'secret', file: 'data.bin', line: 1, message: 'contains a key that is stored in doce' },
  ]);
  expect(JSON.stringify(findings)).not.toContain(secret);
});

test('a page that is not answered in full is a finding', async () => {
  const { place } = setupStore();
  const release = await place({ 'index.html': 'word '.repeat(100), 'about.html': 'about' });
  writeFileSync(join(release.folder, 'site', 'about.html'), 'cut');
  const findings = await checkRelease({ release, secrets: [], signal: new AbortController().signal });
  expect(findings).toMatchObject([{ kind: 'page', file: 'about.html' }]);
});

test('an aborted check ends', async () => {
  const { place } = setupStore();
  const release = await place({ 'index.html': 'x' });
  await expect(checkRelease({ release, secrets: [], signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
});

test('links are read from everything that carries one, with lines', () => {
  const html = `<base href="/docs/">
<video src="a.mp4" poster="b.jpg"><track src="c.vtt"></video>
<img srcset="d.png 1x, data:image/png;base64,AA,BB 2x"><svg><use href="e.svg#x"/></svg>
<style>
h1 { background: url(f.png) }
</style>
<p style="background: url('g.png')">in text: href="no.html"</p>
<!-- <a href="comment.html"> --><script>const s = '<a href="script.html">';</script><object data="h.pdf"></object>`;
  const { links, base } = readLinks(html);
  expect(base).toBe('/docs/');
  expect(links.map(({ address, line }) => `${line} ${address}`)).toEqual([
    '2 a.mp4',
    '2 b.jpg',
    '2 c.vtt',
    '3 d.png',
    '3 data:image/png;base64,AA,BB',
    '3 e.svg#x',
    '5 f.png',
    '7 g.png',
    '8 h.pdf',
  ]);
});

test('addresses of a stylesheet, quoted or not', () => {
  expect(readStyleLinks('a{b:url( "x y.png" )}\nc{d:url(z.png)} /* url(no) */')).toEqual([
    { address: 'x y.png', line: 1 },
    { address: 'z.png', line: 2 },
  ]);
});
