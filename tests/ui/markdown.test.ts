import { expect, test } from 'vitest';
import { renderMarkdown } from '../../src/components/conversation/markdown.ts';

test('renders what agents write: emphasis, lists, code, tables', () => {
  expect(renderMarkdown('**bold** and `code`')).toBe('<p><strong>bold</strong> and <code>code</code></p>\n');
  expect(renderMarkdown('- one\n- two')).toContain('<li>one</li>');
  expect(renderMarkdown('```js\nif (a < b) {}\n```')).toBe('<pre tabindex="0"><code>if (a &lt; b) {}\n</code></pre>');
  expect(renderMarkdown('| a | b |\n|---|---|\n| 1 | 2 |')).toMatch(
    /^<div class="table" tabindex="0" role="region" aria-label="Table"><table>/,
  );
});

test('every heading is an h2, so that no level below the page’s h1 is skipped', () => {
  expect(renderMarkdown('# a\n\n#### b')).toBe('<h2>a</h2>\n<h2>b</h2>\n');
});

test('links open elsewhere and tell nothing', () => {
  expect(renderMarkdown('[docs](https://docs.astro.build)')).toBe(
    '<p><a href="https://docs.astro.build" rel="noopener noreferrer nofollow" target="_blank">docs</a></p>\n',
  );
  expect(renderMarkdown('see https://example.com/a')).toContain('href="https://example.com/a"');
  expect(renderMarkdown('[mail](mailto:ana@example.com)')).toContain('href="mailto:ana@example.com"');
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:x)',
  '[x](//evil.example/x)',
  '[x](/projects/other)',
  '[x](file:///etc/passwd)',
  '<javascript:alert(1)>',
])('no link but http, https and mailto: %s', (source) => {
  expect(renderMarkdown(source)).not.toContain('href');
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<svg onload=alert(1)>',
  '<a href="https://evil.example" onclick="x()">y</a>',
  '<style>body{display:none}</style>',
  '<form action="/api/session?_method=DELETE" method="post"><button>go</button></form>',
  '```\n</code></pre><script>alert(1)</script>\n```',
  '`<img src=x onerror=alert(1)>`',
])('raw HTML stays text: %s', (source) => {
  const html = renderMarkdown(source);
  expect(html).not.toMatch(/<(script|img|iframe|svg|style|form|button)/i);
  expect(html).not.toMatch(/<[^>]+\son\w+=/i);
});

test('pictures are never fetched; their words stay', () => {
  const html = renderMarkdown('![a *warm* cup](https://evil.example/pixel.png "t") after');
  expect(html).not.toContain('evil.example');
  expect(html).toContain('after');
  expect(html).toContain('warm');
});

test('a title cannot break out of its attribute', () => {
  const html = renderMarkdown('[x](https://a.example "\\" onmouseover=\\"alert(1)")');
  expect(html).not.toMatch(/" onmouseover="/);
});
