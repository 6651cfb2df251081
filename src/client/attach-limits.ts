/** As the server has them. */
export const LARGEST_COUNT = 10;
export const LARGEST_BYTES = 7 * 1024 * 1024;

interface Sized {
  name: string;
  size: number;
}

/**
 * Which files are attached when these are added to those, in order, as long as there is room.
 *
 * @returns `refused` says what was left out and why; empty when nothing was.
 */
export function addFiles<F extends Sized>(before: readonly F[], added: readonly F[]): { files: F[]; refused: string } {
  const files = [...before];
  let left = LARGEST_BYTES - files.reduce((sum, { size }) => sum + size, 0);
  const tooMany: F[] = [];
  const tooLarge: F[] = [];
  for (const file of added) {
    if (file.size > left) tooLarge.push(file);
    else if (files.length >= LARGEST_COUNT) tooMany.push(file);
    else {
      files.push(file);
      left -= file.size;
    }
  }
  const refusals = [
    tooMany.length > 0 && `At most ${LARGEST_COUNT} files can be attached to a message: ${named(tooMany)} not added.`,
    tooLarge.length > 0 &&
      `Attached files may take 7 MiB together: ${named(tooLarge)} not added. Make it smaller, or send it with another message.`,
  ];
  return { files, refused: refusals.filter(Boolean).join(' ') };
}

function named(files: readonly Sized[]): string {
  return files.length === 1 ? `“${files[0]!.name}” was` : `${files.length} files were`;
}
