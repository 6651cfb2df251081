import { isPrivateName } from '#server/private-names.ts';
import type { ImportLimits } from './import-limits.ts';
import { refuseImport } from './refuse-import.ts';

const PATH_BYTES = 1_024;
const NAME_BYTES = 255;
const DEPTH = 40;
/** Folders, and what is left out, count as well: a list of them alone must not fill the memory. */
const NAMES_PER_FILE = 5;
const LEFT_OUT_NAMED = 20;

export interface PlannedFile<Source> {
  /** Relative, of checked components, with `/` between them. */
  path: string;
  isExecutable: boolean;
  /** What the archive says; not to be relied on. */
  sizeBytes: number;
  source: Source;
}

export interface PlannedFolder<Source> {
  files: PlannedFile<Source>[];
  /** Folders that are named by themselves; some are empty. */
  folders: string[];
  /** What is not brought along, for people. */
  leftOut: string[];
}

/**
 * Decides what of an archive or a repository is written, from names alone, before a byte of it is.
 *
 * Every method throws an AppError `import_…` for what no import may hold: paths that climb, are absolute or hold control
 * characters, names that are the same but for their capital letters, too many files, too many bytes.
 */
export interface FolderPlan<Source> {
  addFile(name: string, file: Omit<PlannedFile<Source>, 'path'>): void;
  addFolder(name: string): void;
  /** Names something that is left out on purpose. */
  leaveOut(name: string): void;
  /** The plan, without the one folder around everything that archives often have. */
  finish(): PlannedFolder<Source>;
}

export function createFolderPlan<Source>(limits: ImportLimits): FolderPlan<Source> {
  const spellings = new Map<string, { path: string; isFolder: boolean }>();
  const files: PlannedFile<Source>[] = [];
  const folders: string[] = [];
  const leftOut = new Set<string>();
  let names = 0;
  let bytes = 0;

  /** The components of a path that is to be written; undefined when it is left out. */
  function accept(name: string): string[] | undefined {
    names += 1;
    if (names > limits.files * NAMES_PER_FILE) throw refuseImport('import_too_many_files');
    const parts = checkPath(name);
    const hidden = parts.findIndex((part, depth) => isPrivateName(part) || (depth === 0 && part === '__MACOSX'));
    if (hidden === -1) return parts;
    noteLeftOut(parts.slice(0, hidden + 1).join('/'));
    return undefined;
  }

  function noteLeftOut(name: string): void {
    if (leftOut.size < LEFT_OUT_NAMED && !/(^|\/)(__MACOSX|\.DS_Store)$/i.test(name)) leftOut.add(name);
  }

  function claim(parts: readonly string[], isFolder: boolean): void {
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = parts.slice(0, depth).join('/');
      const mustBeFolder = isFolder || depth < parts.length;
      const key = path.normalize('NFC').toLowerCase();
      const there = spellings.get(key);
      if (!there) spellings.set(key, { path, isFolder: mustBeFolder });
      else if (there.path !== path || !there.isFolder || !mustBeFolder) throw refuseImport('import_name_clash', path);
    }
  }

  return {
    addFile(name, file) {
      const parts = accept(name);
      if (!parts) return;
      claim(parts, false);
      bytes += file.sizeBytes;
      if (files.length >= limits.files) throw refuseImport('import_too_many_files');
      if (bytes > limits.bytes) throw refuseImport('import_too_large');
      files.push({ ...file, path: parts.join('/') });
    },
    addFolder(name) {
      const parts = accept(name);
      if (!parts) return;
      claim(parts, true);
      folders.push(parts.join('/'));
    },
    leaveOut: noteLeftOut,
    finish() {
      if (files.length === 0) throw refuseImport('import_empty');
      const around = commonFolder(files.map(({ path }) => path));
      const inside = (path: string) => path.slice(around.length);
      return {
        files: files.map((file) => ({ ...file, path: inside(file.path) })),
        folders: folders.filter((path) => path.startsWith(around) && path.length > around.length).map(inside),
        leftOut: [...leftOut].map((path) => (path.startsWith(around) ? inside(path) : path)),
      };
    },
  };
}

function checkPath(name: string): string[] {
  const parts = name.split('/');
  const isBad = (part: string) => part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > NAME_BYTES;
  const isOutside = name.startsWith('/') || /^[a-z]:/i.test(name);
  if (isOutside || Buffer.byteLength(name) > PATH_BYTES || parts.length > DEPTH || parts.some(isBad)) {
    throw refuseImport('import_bad_path', name);
  }
  // Line breaks and text direction in a name serve nobody but those who deceive; an unpaired surrogate is no name at all.
  if (/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name) || !name.isWellFormed()) throw refuseImport('import_bad_path', name);
  return parts;
}

/** `site-main/` when everything is inside it, else nothing. */
function commonFolder(paths: readonly string[]): string {
  const first = paths[0]!.slice(0, paths[0]!.indexOf('/') + 1);
  return first !== '' && paths.every((path) => path.startsWith(first)) ? first : '';
}
