import { colourLines } from '../files/colour-code.ts';
import type { CodePiece } from '../files/colour-code.ts';
import { parsePatch } from './patch-lines.ts';
import type { PatchHunk, PatchLine } from './patch-lines.ts';

/** More rows than this of one file are for a download, not for a page. */
const MOST_ROWS = 1_500;

export type DiffRow = { gap: number } | (Omit<PatchLine, 'text'> & { pieces: CodePiece[] });

/** The rows of one file's diff, coloured; a `gap` stands for lines that are equal and left out. `left` were too many. */
export function diffRows(patch: string, path: string): { rows: DiffRow[]; left: number } {
  const rows: DiffRow[] = [];
  let left = 0;
  let shownUntil = 1;
  for (const hunk of parsePatch(patch)) {
    if (rows.length >= MOST_ROWS) {
      left += hunk.lines.length;
      continue;
    }
    const gap = Math.max(hunk.oldStart, 1) - shownUntil;
    if (gap > 0) rows.push({ gap });
    rows.push(...colourHunk(hunk, path));
    shownUntil = Math.max(shownUntil, ...hunk.lines.map(({ oldNumber }) => (oldNumber ?? 0) + 1));
  }
  const surplus = Math.max(0, rows.length - MOST_ROWS);
  return { rows: rows.slice(0, MOST_ROWS), left: left + surplus };
}

/** Each side is read as one text, so that a comment or a string over several lines keeps its colour. */
function colourHunk({ lines }: PatchHunk, path: string): DiffRow[] {
  const side = (without: PatchLine['kind']) => {
    const texts = lines.filter(({ kind }) => kind !== without).map(({ text }) => text);
    return colourLines(texts.join('\n'), path, true)[Symbol.iterator]();
  };
  const [before, after] = [side('added'), side('removed')];
  return lines.map(({ text: _text, ...line }) => {
    const old = line.kind === 'added' ? undefined : before.next().value;
    const fresh = line.kind === 'removed' ? undefined : after.next().value;
    return { ...line, pieces: fresh ?? old ?? [] };
  });
}
