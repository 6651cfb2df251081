import type { NewFile } from './file-writer.ts';

const HEADER_BYTES = 200;

/**
 * Reads what `git cat-file --batch` writes: for each object `<hash> <type> <size>`, a line break, that many bytes, a line break.
 *
 * @param open Asked for each blob; what it returns gets the bytes as they come. It must not keep them.
 * @throws Error when the output is cut off or not of this form; whatever `open` throws.
 */
export async function readObjects(chunks: AsyncIterable<Buffer>, open: (hash: string) => Promise<NewFile>): Promise<void> {
  let header = Buffer.alloc(0);
  let object: { file: NewFile | undefined; left: number } | undefined;
  try {
    for await (const chunk of chunks) {
      let rest = chunk;
      while (rest.length > 0) {
        if (!object) {
          const end = rest.indexOf(0x0a);
          header = Buffer.concat([header, end === -1 ? rest : rest.subarray(0, end)]);
          if (header.length > HEADER_BYTES) throw new Error('Git wrote something that is no object.');
          if (end === -1) break;
          rest = rest.subarray(end + 1);
          const { hash, isBlob, sizeBytes } = parseHeader(header.toString('latin1'));
          header = Buffer.alloc(0);
          object = { file: isBlob ? await open(hash) : undefined, left: sizeBytes };
          continue;
        }
        const content = rest.subarray(0, object.left);
        if (content.length > 0) await object.file?.write(content);
        object.left -= content.length;
        rest = rest.subarray(content.length);
        if (rest.length === 0) break;
        // The line break behind the content.
        rest = rest.subarray(1);
        const { file } = object;
        object = undefined;
        await file?.close();
      }
    }
    if (object || header.length > 0) throw new Error('Git stopped in the middle of an object.');
  } finally {
    await object?.file?.close();
  }
}

function parseHeader(line: string): { hash: string; isBlob: boolean; sizeBytes: number } {
  const [, hash, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
  if (!hash) throw new Error('Git wrote something that is no object.');
  return { hash, isBlob: type === 'blob', sizeBytes: Number(size) };
}
