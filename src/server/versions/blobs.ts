import { gitEnd, startGit } from './git.ts';
import { VersionsError } from './versions-error.ts';

/**
 * Reads contents out of a repository, in their order, through one `git cat-file --batch`. Leaving the loop early ends git.
 *
 * @throws VersionsError `git_failed` when one is not there.
 */
export async function* readBlobs(gitDir: string, hashes: readonly string[]): AsyncGenerator<Buffer, void> {
  if (hashes.length === 0) return;
  const child = startGit(gitDir, ['cat-file', '--batch', '--buffer']);
  const ended = gitEnd(child);
  child.stdin.end(`${hashes.join('\n')}\n`);
  const reader = readPieces(child.stdout);
  try {
    for (const hash of hashes) {
      const [, kind, size] = (await reader.line()).split(' ');
      if (kind !== 'blob') throw new VersionsError('git_failed', { cause: new Error(`no blob ${hash}`) });
      yield await reader.bytes(Number(size));
      await reader.bytes(1);
    }
  } finally {
    child.kill('SIGKILL');
    // Its iterator holds back what was not read, and the process would never count as closed.
    child.stdout.destroy();
    await ended;
  }
}

/** @throws VersionsError `git_failed`. */
export async function readBlob(gitDir: string, hash: string): Promise<Buffer> {
  for await (const content of readBlobs(gitDir, [hash])) return content;
  throw new VersionsError('git_failed');
}

/** Cuts a stream into lines and counted pieces. */
function readPieces(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done) throw new VersionsError('git_failed', { cause: new Error('git cat-file ended early') });
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
  }

  async function bytes(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      if (rest.length === 0) await more();
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
  }

  return {
    bytes,
    async line(): Promise<string> {
      while (!rest.includes('\n')) await more();
      const text = rest.subarray(0, rest.indexOf('\n')).toString();
      rest = rest.subarray(text.length + 1);
      return text;
    },
  };
}
