import { expect, test } from 'vitest';
import { remembered } from '#server/remembered.ts';

function setup() {
  const asked: number[] = [];
  const half = remembered((n: number) => {
    asked.push(n);
    return n % 2 === 0 ? n / 2 : undefined;
  });
  return { half, asked };
}

test('each question is answered once, also where the answer is nothing', () => {
  const { half, asked } = setup();
  expect([half(4), half(3), half(4), half(3)]).toEqual([2, undefined, 2, undefined]);
  expect(asked).toEqual([4, 3]);
});

test('made-up questions do not fill the memory', () => {
  const { half, asked } = setup();
  for (let n = 0; n < 1_500; n += 1) half(n);
  half(0);
  expect(asked.filter((n) => n === 0)).toHaveLength(2);
});
