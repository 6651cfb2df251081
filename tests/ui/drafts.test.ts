import { expect, test } from 'vitest';
import { createDrafts } from '../../src/client/drafts.ts';
import type { DraftStorage } from '../../src/client/drafts.ts';

function setup() {
  const stored = new Map<string, string>();
  const storage: DraftStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  };
  return { stored, drafts: createDrafts(() => storage) };
}

test('a draft is kept for its own surface until the server has it', () => {
  const { drafts } = setup();
  drafts.save('new', 'a bakery');
  drafts.save('p1', 'a new headline');
  expect(drafts.load('new')).toBe('a bakery');
  drafts.settle('new', 'a bakery');
  expect(drafts.load('new')).toBe('');
  expect(drafts.load('p1')).toBe('a new headline');
});

test('what was typed while the message was on its way stays', () => {
  const { drafts } = setup();
  drafts.save('p1', 'first');
  drafts.save('p1', 'the next thought');
  drafts.settle('p1', 'first');
  expect(drafts.load('p1')).toBe('the next thought');
});

test('white space around the text does not keep a sent draft alive', () => {
  const { drafts } = setup();
  drafts.save('p1', '  first \n');
  drafts.settle('p1', 'first');
  expect(drafts.load('p1')).toBe('');
});

test('an emptied box leaves nothing behind', () => {
  const { drafts, stored } = setup();
  drafts.save('p1', 'x');
  drafts.save('p1', '  ');
  expect(stored.size).toBe(0);
});

test('refused storage costs the draft, never the typing', () => {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  const drafts = createDrafts(refuse);
  drafts.save('new', 'x');
  drafts.settle('new', 'x');
  expect(drafts.load('new')).toBe('');
});
