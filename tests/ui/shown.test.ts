import { expect, test } from 'vitest';
import { cardsShown, PROJECTS_A_PAGE } from '../../src/components/projects/shown.ts';

test.each([
  ['/', PROJECTS_A_PAGE],
  ['/?shown=96', 96],
  ['/?shown=2', PROJECTS_A_PAGE],
  ['/?shown=-1', PROJECTS_A_PAGE],
  ['/?shown=1e999', PROJECTS_A_PAGE],
  ['/?shown=many', PROJECTS_A_PAGE],
])('%s shows %i cards', (path, cards) => {
  expect(cardsShown(new URL(path, 'http://localhost'))).toBe(cards);
});
