export interface Cover {
  /** Which of the palettes in CoverTile. */
  palette: number;
  /** Eight 40 × 40 cells, as painted glazed tiles are laid: one motif turned round its corner, beside a second one. */
  cells: { x: number; y: number; angle: number; shapes: readonly { d: string; ink: 'a' | 'b' }[] }[];
}

export const PALETTES = 6;
const CELL = 40;

/** One quarter of a rosette each, drawn with its centre at the cell's lower right corner. */
const motifs: readonly (readonly { d: string; ink: 'a' | 'b' }[])[] = [
  [
    { d: 'M40 4A36 36 0 0 0 4 40H40Z', ink: 'a' },
    { d: 'M40 22A18 18 0 0 0 22 40H40Z', ink: 'b' },
  ],
  [
    { d: 'M0 0C24 0 40 16 40 40C16 40 0 24 0 0Z', ink: 'a' },
    { d: 'M40 28A12 12 0 0 0 28 40H40Z', ink: 'b' },
  ],
  [
    { d: 'M0 40L40 0V40Z', ink: 'a' },
    { d: 'M20 40L40 20V40Z', ink: 'b' },
  ],
  [
    { d: 'M40 2A38 38 0 0 0 2 40H12A28 28 0 0 1 40 12Z', ink: 'a' },
    { d: 'M40 24A16 16 0 0 0 24 40H40Z', ink: 'b' },
  ],
  [
    { d: 'M0 0H18A18 18 0 0 1 0 18Z', ink: 'b' },
    { d: 'M40 8C30 14 22 24 8 40H40Z', ink: 'a' },
  ],
  [
    { d: 'M40 0C36 20 20 36 0 40H40Z', ink: 'a' },
    { d: 'M8 8H20V20H8Z', ink: 'b' },
  ],
];

/** The cover of a project: the same for the same seed, for ever. */
export function coverOf(seed: string): Cover {
  const hash = hashOf(seed);
  const first = hash % motifs.length;
  const second = (first + 1 + (Math.floor(hash / 7) % (motifs.length - 1))) % motifs.length;
  const cells = [first, second].flatMap((motif, half) =>
    [0, 90, 180, 270].map((angle, corner) => ({
      x: half * 2 * CELL + (corner === 1 || corner === 2 ? CELL : 0),
      y: corner >= 2 ? CELL : 0,
      angle,
      shapes: motifs[motif]!,
    })),
  );
  return { palette: Math.floor(hash / 49) % PALETTES, cells };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
