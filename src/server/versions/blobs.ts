import { once } from 'node:events';
import { gitEnd, startGit } from './git.ts';
import { VersionsError } from './versions-error.ts';

/** Reads contents out of a repository, one after the other, through one `git cat-file --batch`. */
export interface BlobReader {
  /** @throws VersionsError `git_failed` when it is not there. */
  read(hash: string): Promise<Buffer>;
  close(): Promise<void>;
}

export function openBlobReader(gitDir: string): BlobReader {
  let running: ReturnType<typeof start> | undefined;

  function start() {
    const child = startGit(gitDir, ['cat-file', '--batch']);
    const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const rest: Buffer = Buffer.alloc(0);
    return { child, chunks, rest, ended: gitEnd(child) };
  }

  async function more(git: ReturnType<typeof start>): Promise<void> {
    const next = await git.chunks.next();
    if (next.done) throw new VersionsError('git_failed', { cause: new Error((await git.ended).complaint) });
    git.rest = git.rest.length === 0 ? next.value : Buffer.concat([git.rest, next.value]);
  }

  async function take(git: ReturnType<typeof start>, length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      if (git.rest.length === 0) await more(git);
      const part = git.rest.subarray(0, missing);
      git.rest = git.rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
  }

  return {
    async read(hash) {
      const git = (running ??= start());
      if (!git.child.stdin.write(`${hash}\n`)) await Promise.race([once(git.child.stdin, 'drain').catch(() => {}), git.ended]);
      while (!git.rest.includes('\n')) await more(git);
      const line = git.rest.indexOf('\n');
      const [, kind, size] = git.rest.subarray(0, line).toString().split(' ');
      git.rest = git.rest.subarray(line + 1);
      if (kind !== 'blob') throw new VersionsError('git_failed', { cause: new Error(`no blob ${hash}`) });
      const content = await take(git, Number(size));
      await take(git, 1);
      return content;
    },
    async close() {
      running?.child.stdin.end();
      running?.child.stdout.resume();
      await running?.ended;
    },
  };
}
