import { closeSync, constants, fsyncSync, openSync } from 'node:fs';

/** A name that was made, moved or removed in a folder is on the disk for good once the folder is synced. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
