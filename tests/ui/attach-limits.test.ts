import { expect, test } from 'vitest';
import { attachmentLimits } from '#server/projects/attachments.ts';
import { addFiles, LARGEST_BYTES, LARGEST_COUNT } from '../../src/client/attach-limits.ts';

const file = (name: string, size = 1) => ({ name, size });
const many = (count: number) => Array.from({ length: count }, (_, index) => file(`${index}`));

test('the box refuses what the server would', () => {
  expect({ files: LARGEST_COUNT, bytes: LARGEST_BYTES }).toEqual(attachmentLimits);
});

test('files are added as long as there is room, and what is left out is told', () => {
  expect(addFiles([file('a')], [file('b')])).toEqual({ files: [file('a'), file('b')], refused: '' });
  expect(addFiles(many(9), [file('b'), file('c')])).toMatchObject({
    files: { length: 10 },
    refused: expect.stringContaining('“c” was not added'),
  });
  expect(addFiles(many(9), many(3)).refused).toContain('2 files were not added');
  expect(addFiles([], many(10))).toMatchObject({ files: { length: 10 }, refused: '' });
});

test('a file that is too large for what is left is left out, a smaller one after it is not', () => {
  const { files, refused } = addFiles([file('a', LARGEST_BYTES - 10)], [file('b', 11), file('c', 10)]);
  expect(files.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(refused).toMatch(/7 MiB together: “b” was not added/);
});
