import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const booleans = /\s(hidden|inert|disabled|checked|open|required)=\{([^}]*)\}/g;

/** Boolean attributes of custom elements whose false would be written out, and so count as true. */
function findFalse(markup: string): string[] {
  const tags = [...markup.matchAll(/<[a-z]+(?:-[a-z]+)+\b[^>]*>/g)].map(([tag]) => tag);
  return tags
    .flatMap((tag) => [...tag.matchAll(booleans)])
    .flatMap(([text, , value]) => (value!.includes('undefined') ? [] : [text.trim()]));
}

test('a boolean attribute of a custom element is absent or empty: Astro writes its false as text', () => {
  expect(findFalse('<api-form\n hidden={!may}><input hidden={no}>')).toEqual(['hidden={!may}']);
  expect(findFalse("<api-form hidden={may ? undefined : ''}>")).toEqual([]);
  const files = globSync('src/**/*.astro');
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) => findFalse(readFileSync(file, 'utf8')).map((attribute) => `${file}: ${attribute}`));
  expect(found).toEqual([]);
});
