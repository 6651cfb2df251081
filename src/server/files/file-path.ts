import { PUT_PREFIX } from '#server/contained-folder.ts';
import { isPrivateName } from '#server/private-names.ts';
import { FilesError } from './files-error.ts';

const PATH_BYTES = 2_048;
const NAME_BYTES = 255;

/**
 * The components of a path inside a workspace.
 *
 * @throws FilesError `bad_path` for what is absolute, climbs, or holds a control character; `private` for what nobody edits.
 */
export function parseFilePath(path: string): string[] {
  const names = path.split('/');
  const isBad = (name: string) => name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > NAME_BYTES;
  if (Buffer.byteLength(path) > PATH_BYTES || /[\p{Cc}\\]/u.test(path) || !path.isWellFormed() || names.some(isBad)) {
    throw new FilesError('bad_path');
  }
  if (names.some((name) => isPrivateName(name) || name.startsWith(PUT_PREFIX))) throw new FilesError('private');
  return names;
}
