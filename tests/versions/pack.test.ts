import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { setupVersions } from './setup.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 120_000 });

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

test('packing makes a history small, and leaves every version and file as it was', async () => {
  const { versions, projectDir, put, record, git, gitDir, files } = setupVersions();
  const text = Array.from({ length: 2_000 }, (_, line) => `line ${line} ${line * 7_919}`).join('\n');
  const hashes: string[] = [];
  for (let number = 0; number < 18; number += 1) {
    put('src/page.txt', `${number}\n${text}`);
    hashes.push(await record());
  }
  const before = { list: (await versions.listVersions(projectDir, 100)).versions, bytes: sizeOf(join(gitDir, 'objects')) };
  expect(await versions.pack(projectDir)).toBe(true);
  expect(sizeOf(join(gitDir, 'objects'))).toBeLessThan(before.bytes / 4);
  expect((await versions.listVersions(projectDir, 100)).versions).toEqual(before.list);
  expect(git('fsck', '--strict').status).toBe(0);
  await versions.restoreVersion(projectDir, hashes[0]!, 'Restored');
  expect(files()['src/page.txt']).toBe(`- 0\n${text}`);
  // What is next to nothing is left for another time.
  expect(await versions.pack(projectDir)).toBe(false);
});
