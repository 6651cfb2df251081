import { expect, test } from 'vitest';
import { users, projects } from '#server/db/schema.ts';
import { freeSlug, nameFromPrompt } from '#server/projects/naming.ts';
import { makeDatabase } from '../support/database.ts';

test.each([
  ['a landing page for a coffee roastery in Lisbon', 'Coffee roastery in Lisbon'],
  ['Please make me a simple website for my yoga studio. It should be calm.', 'Yoga studio'],
  ['Build a site called "Night Owl" for a podcast', 'Night Owl'],
  ['Portfolio of an illustrator', 'Portfolio of an illustrator'],
  ['website', 'Website'],
  ['🍞', '🍞'],
])('names %j', (prompt, name) => {
  expect(nameFromPrompt(prompt)).toBe(name);
});

test('a long prompt is cut at a word', () => {
  const name = nameFromPrompt(`a page for ${'very '.repeat(40)}good tea`);
  expect(name.length).toBeLessThanOrEqual(60);
  expect(name).toMatch(/very$/);
});

test('slugs are hostname labels, free, and never a reserved one', () => {
  const { db } = makeDatabase();
  db.insert(users)
    .values({ id: 'u', createdAt: new Date(0), username: 'ada', passwordHash: 'x' })
    .run();
  const take = (name: string) => {
    const slug = freeSlug(db, name);
    db.insert(projects)
      .values({ id: slug, ownerUserId: 'u', createdAt: new Date(0), name, slug, prompt: 'x', devPort: 0, opencodePort: 0, pathOnDisk: 'x' })
      .run();
    return slug;
  };
  expect(take('Café São João')).toBe('cafe-sao-joao');
  expect(take('Café São João')).toBe('cafe-sao-joao-2');
  expect(take('preview')).toBe('preview-2');
  expect(take('日本')).toMatch(/^site-[a-z0-9]{6}$/);
  expect(take('x'.repeat(200))).toHaveLength(40);
});
