const SHORTEST = 8;

/**
 * Takes secrets out of text that people will read: each value becomes `[NAME]`, and so does each long line of one that has
 * several, since logs come line by line. Values shorter than 8 characters stay: they are found everywhere.
 */
export function createHider(secrets: Readonly<Record<string, string>>): (text: string) => string {
  const pieces = Object.entries(secrets)
    .flatMap(([name, value]) => [value, ...value.split('\n').map((line) => line.trim())].map((piece) => ({ name, piece })))
    .filter(({ piece }) => piece.length >= SHORTEST)
    .sort((a, b) => b.piece.length - a.piece.length);
  return (text) => pieces.reduce((rest, { name, piece }) => rest.replaceAll(piece, () => `[${name}]`), text);
}
