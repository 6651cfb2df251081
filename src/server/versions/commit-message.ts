export type VersionKind = 'start' | 'turn' | 'hand-edit' | 'restore' | 'import';

/** What a commit says about itself. */
export interface VersionNote {
  /** One line. */
  title: string;
  kind: VersionKind;
  atMs: number;
  turnId?: string | undefined;
  /** For a restore: the version whose files these are. */
  restoredFrom?: string | undefined;
  /** Git keeps no empty folders, so the commit names them. */
  emptyFolders: readonly string[];
}

const TITLE_LENGTH = 120;
const EMPTY_FOLDERS = 1_000;

/** A prompt or a sentence as one line of at most 120 characters. */
export function titleLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim();
  if (line === '') return 'Untitled';
  return line.length <= TITLE_LENGTH ? line : `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…`.toWellFormed();
}

/** Title, blank line, one trailer a line. Every value is free of line breaks, so none can pass for another. */
export function formatMessage(note: VersionNote): string {
  const trailers = [
    `Doce-Kind: ${note.kind}`,
    `Doce-At-Ms: ${note.atMs}`,
    ...(note.turnId ? [`Doce-Turn: ${titleLine(note.turnId)}`] : []),
    ...(note.restoredFrom ? [`Doce-Restores: ${note.restoredFrom}`] : []),
    ...note.emptyFolders.slice(0, EMPTY_FOLDERS).map((path) => `Doce-Empty-Folder: ${JSON.stringify(path)}`),
  ];
  return `${titleLine(note.title)}\n\n${trailers.join('\n')}\n`;
}

export function parseMessage(message: string): VersionNote {
  const [title = '', , ...lines] = message.trimEnd().split('\n');
  const values = (name: string) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return {
    title,
    kind: (values('Doce-Kind')[0] ?? 'hand-edit') as VersionKind,
    atMs: Number(values('Doce-At-Ms')[0] ?? 0),
    turnId: values('Doce-Turn')[0],
    restoredFrom: values('Doce-Restores')[0],
    emptyFolders: values('Doce-Empty-Folder').map((value) => JSON.parse(value) as string),
  };
}
