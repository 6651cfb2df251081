/** One line of a diff. A number is missing on the side where the line is not. */
export interface PatchLine {
  kind: 'same' | 'added' | 'removed';
  oldNumber: number | undefined;
  newNumber: number | undefined;
  text: string;
  /** Whether it is the last of its side and has no line break at its end. */
  isUnended: boolean;
}

export interface PatchHunk {
  oldStart: number;
  newStart: number;
  lines: PatchLine[];
}

const KINDS: Record<string, PatchLine['kind']> = { ' ': 'same', '+': 'added', '-': 'removed' };

/** Reads the hunks of a unified diff of one file, as git writes it. */
export function parsePatch(patch: string): PatchHunk[] {
  const hunks: PatchHunk[] = [];
  let [oldNumber, newNumber] = [0, 0];
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    const hunk = hunks.at(-1);
    const last = hunk?.lines.at(-1);
    const kind = KINDS[line[0] ?? ' '];
    if (header) {
      [oldNumber, newNumber] = [Number(header[1]), Number(header[2])];
      hunks.push({ oldStart: oldNumber, newStart: newNumber, lines: [] });
    } else if (line.startsWith('\\') && last) {
      last.isUnended = true;
    } else if (hunk && kind) {
      hunk.lines.push({
        kind,
        oldNumber: kind === 'added' ? undefined : oldNumber++,
        newNumber: kind === 'removed' ? undefined : newNumber++,
        text: line.slice(1),
        isUnended: false,
      });
    }
  }
  return hunks;
}
