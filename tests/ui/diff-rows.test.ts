import { expect, test } from 'vitest';
import { colourLines, guessPart, lineHtml } from '../../src/components/files/colour-code.ts';
import { diffRows } from '../../src/components/versions/diff-rows.ts';
import { parsePatch } from '../../src/components/versions/patch-lines.ts';

const patch = `diff --git a/src/a.ts b/src/a.ts
index 1..2 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -10,3 +10,4 @@ function x() {
 const a = 1;
-const b = 2;
+const b = 3;
+const c = 4;
 export { a };
\\ No newline at end of file
`;

test('a patch becomes lines that know where they are on both sides', () => {
  const [hunk, ...rest] = parsePatch(patch);
  expect(rest).toEqual([]);
  expect(hunk?.lines.map(({ kind, oldNumber, newNumber, text }) => [kind, oldNumber, newNumber, text])).toEqual([
    ['same', 10, 10, 'const a = 1;'],
    ['removed', 11, undefined, 'const b = 2;'],
    ['added', undefined, 11, 'const b = 3;'],
    ['added', undefined, 12, 'const c = 4;'],
    ['same', 12, 13, 'export { a };'],
  ]);
  expect(hunk?.lines.at(-1)?.isUnended).toBe(true);
});

test('lines of content that look like headers stay content', () => {
  const [hunk] = parsePatch('--- a/x.md\n+++ b/x.md\n@@ -1,2 +1,2 @@\n---- old\n+++ new\n @@ -1 +1 @@\n');
  expect(hunk?.lines.map(({ kind, text }) => [kind, text])).toEqual([
    ['removed', '--- old'],
    ['added', '++ new'],
    ['same', '@@ -1 +1 @@'],
  ]);
});

test('rows are coloured, and what is left out between them is counted', () => {
  const { rows, left } = diffRows(patch, 'src/a.ts');
  expect(left).toBe(0);
  expect(rows[0]).toEqual({ gap: 9 });
  expect(rows[2]).toMatchObject({ kind: 'removed', oldNumber: 11 });
  const text = rows.map((row) => ('gap' in row ? '…' : row.pieces.map((piece) => piece.text).join('')));
  expect(text).toEqual(['…', 'const a = 1;', 'const b = 2;', 'const b = 3;', 'const c = 4;', 'export { a };']);
  expect(rows[1]).toMatchObject({ pieces: expect.arrayContaining([{ text: 'const', classes: 'tok-keyword' }]) });
});

test('a diff of very many lines is cut and says by how much', () => {
  const many = `@@ -0,0 +1,2000 @@\n${'+x\n'.repeat(2_000)}@@ -9,1 +3000,1 @@\n x\n`;
  const { rows, left } = diffRows(many, 'a.txt');
  expect(rows).toHaveLength(1_500);
  expect(left).toBe(501);
});

test('an Astro component is TypeScript between its fences and markup below', () => {
  const lines = colourLines(
    '---\nconst list: Array<string> = [];\n---\n<ul class="a">{list}</ul>\n<style>a { color: red; }</style>',
    'x.astro',
  );
  const classesOf = (line: number, text: string) => lines[line]?.find((piece) => piece.text === text)?.classes;
  expect(classesOf(0, '---')).toBe('tok-meta');
  expect(classesOf(1, 'const')).toBe('tok-keyword');
  expect(classesOf(1, 'Array')).toContain('tok-typeName');
  expect(classesOf(3, 'ul')).toBe('tok-typeName');
  expect(classesOf(4, 'color')).toBe('tok-propertyName');
  expect(lines.map((line) => line.map(({ text }) => text).join(''))[3]).toBe('<ul class="a">{list}</ul>');
});

test('a component that is being typed has colours as well', () => {
  for (const text of ['', '---', '---\nconst a', '<p>', '---\n---', '---\n---\n']) {
    expect(
      colourLines(text, 'x.astro')
        .map((line) => line.map((piece) => piece.text).join(''))
        .join('\n'),
    ).toBe(text);
  }
});

test('some lines of a component are read as what they are', () => {
  expect(guessPart('---\nimport a from "a";\n---\n<p>')).toBe('whole');
  expect(guessPart("import a from 'a';\nconst { b } = Astro.props;")).toBe('script');
  expect(guessPart('<section>\n  <h1>Hello</h1>\n  {items.map(')).toBe('markup');
  expect(guessPart('  .hero {\n    color: red;\n  }')).toBe('style');
});

test('code can never become markup', () => {
  const html = colourLines('const a = "<img src=x onerror=alert(1)>" && b;', 'a.ts').map(lineHtml).join('');
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html).toContain('&amp;&amp;');
});
