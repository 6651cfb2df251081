import { once } from 'node:events';
import { gitEnd, startGit } from './git.ts';
import type { Tree, TreeEntry } from './tree.ts';
import { VersionsError } from './versions-error.ts';

export interface CommitInput {
  ref: string;
  /** Commit whose tree is the base. */
  parent: string | undefined;
  message: string;
  atMs: number;
  /** What differs from the base, or the hash of a whole tree that the repository has. */
  files: { removed: readonly string[]; changed: readonly (readonly [string, TreeEntry])[] } | { tree: string };
}

/** Content on its way into the repository: `git fast-import`, started with the first thing it gets. */
export interface ImportStream {
  putBlob(hash: string, content: Uint8Array): Promise<void>;
  /** Makes the commit and ends. @returns Its hash. @throws VersionsError `git_failed`. */
  commit(input: CommitInput): Promise<string>;
  /** Ends without a commit; blobs that were put stay behind without a name. */
  abandon(): Promise<void>;
}

/**
 * @param known Content that the repository has.
 */
export function openImportStream(gitDir: string, known: Tree): ImportStream {
  const stored = new Set([...known.values()].map(({ hash }) => hash));
  let running: ReturnType<typeof start> | undefined;

  function start() {
    const child = startGit(gitDir, ['fast-import', '--quiet', '--done', '--force', '--date-format=raw']);
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    return { child, output, ended: gitEnd(child) };
  }

  async function write(...chunks: (string | Uint8Array)[]): Promise<void> {
    const { child, ended } = (running ??= start());
    for (const chunk of chunks) {
      if (child.stdin.destroyed) break;
      if (!child.stdin.write(chunk)) await Promise.race([once(child.stdin, 'drain').catch(() => {}), ended]);
    }
  }

  async function end(): Promise<string> {
    const { child, output, ended } = running as ReturnType<typeof start>;
    child.stdin.end();
    const { succeeded, complaint } = await ended;
    if (!succeeded) throw new VersionsError('git_failed', { cause: new Error(`git fast-import: ${complaint}`) });
    return Buffer.concat(output).toString('utf8').trim();
  }

  return {
    async putBlob(hash, content) {
      if (stored.has(hash)) return;
      stored.add(hash);
      await write(`blob\ndata ${content.length}\n`, content, '\n');
    },
    async commit(input) {
      const message = Buffer.from(input.message);
      await write(
        `commit ${input.ref}\nmark :1\ncommitter doce <doce@localhost> ${Math.floor(input.atMs / 1000)} +0000\ndata ${message.length}\n`,
        message,
        `\n${input.parent ? `from ${input.parent}\n` : ''}`,
        filesOf(input),
        '\nget-mark :1\ndone\n',
      );
      return end();
    },
    async abandon() {
      if (!running) return;
      await write('done\n');
      await end();
    },
  };
}

function filesOf({ files }: CommitInput): string {
  if ('tree' in files) return `M 040000 ${files.tree} ""\n`;
  return [
    // Removed first: a folder may stand where a file was.
    ...files.removed.map((path) => `D ${quotePath(path)}\n`),
    ...files.changed.map(([path, { mode, hash }]) => `M ${mode} ${hash} ${quotePath(path)}\n`),
  ].join('');
}

function quotePath(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
