import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const decisions = readdirSync('docs/decisions').sort();
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/architecture.md'];
/** Pictures are taken by the end-to-end tests. */
const made = /^docs\/screenshots\//;

/** The names that `config.ts` reads. */
const variables = [...read('src/server/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]!);

test('the README lists every variable, and no other', () => {
  const listed = [...read('README.md').matchAll(/^\| `([A-Z][A-Z_]+)` +\|/gm)].map((match) => match[1]!);
  expect(variables).toContain('DOCE_SANDBOX');
  expect(listed.sort()).toEqual([...variables].sort());
});

test('.env.example shows every variable with its default, commented out', () => {
  expect(parseEnv(read('.env.example'))).toEqual({});
  const uncommented = parseEnv(read('.env.example').replaceAll(/^#(?=[A-Z])/gm, ''));
  expect(Object.keys(uncommented).sort()).toEqual([...variables].sort());
  expect(readConfig({ ...uncommented } as Record<string, string>)).toEqual(readConfig({}));
});

test('the README names every script of package.json by a name that exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/`(?:npx -y pnpm@12|pnpm) ([a-z:0-9]+)`/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the README is short', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test.each([...documents, ...decisions.map((name) => join('docs/decisions', name))])('%s links to what exists', (file) => {
  const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => join(dirname(file), match[1]!));
  expect(links.filter((link) => !made.test(link) && !existsSync(link))).toEqual([]);
});

test.each(decisions)('decision %s has its parts and fits a page', (name) => {
  const text = read(join('docs/decisions', name));
  expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
  expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)}\\. .+\\n\\nDate: \\d{4}-\\d{2}-\\d{2} · Status: (accepted|superseded by .+)\\n`));
  expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(['Context', 'Decision', 'Consequences']);
  expect(text.split('\n').length).toBeLessThanOrEqual(60);
});

test('decisions are numbered without a gap', () => {
  expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_name, index) => index + 1));
});
