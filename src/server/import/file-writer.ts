import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImportLimits } from './import-limits.ts';
import { refuseImport } from './refuse-import.ts';

/** Writes planned files into a folder that is nobody else's, and counts what really arrives. */
export interface FileWriter {
  addFolder(path: string): Promise<void>;
  /** @throws when there is something already. */
  create(path: string, isExecutable: boolean): Promise<NewFile>;
}

export interface NewFile {
  /** @throws AppError `import_too_large`, `import_too_dense`. */
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** @param packedBytes Size of the archive that the files come from; undefined = no ratio to keep. */
export function createFileWriter(root: string, limits: ImportLimits, packedBytes?: number): FileWriter {
  const made = new Set<string>();
  let total = 0;

  async function makeFolder(folder: string): Promise<void> {
    if (made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    made.add(folder);
  }

  function count(bytes: number): void {
    total += bytes;
    if (total > limits.bytes) throw refuseImport('import_too_large');
    if (packedBytes !== undefined && total > packedBytes * limits.ratio) throw refuseImport('import_too_dense');
  }

  return {
    addFolder: (path) => makeFolder(join(root, path)),
    async create(path, isExecutable) {
      const file = join(root, path);
      await makeFolder(dirname(file));
      const handle: FileHandle = await open(file, 'wx', isExecutable ? 0o755 : 0o644);
      return {
        async write(chunk) {
          count(chunk.byteLength);
          let offset = 0;
          while (offset < chunk.byteLength) offset += (await handle.write(chunk, offset)).bytesWritten;
        },
        close: () => handle.close(),
      };
    },
  };
}
