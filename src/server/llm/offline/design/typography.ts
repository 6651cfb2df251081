/** Which families a site is set in. All are among the starter's packages, so they need no network. */
export interface TypePairing {
  id: string;
  /** As a person would say it. */
  name: string;
  display: Family;
  text: Family;
  /** For eyebrows, prices and labels. */
  label: Family;
  weight: number;
  /** In em, for headings. */
  tracking: number;
  /** Factor on the size of the largest heading: wide faces are set smaller. */
  scale: number;
}

export interface Family {
  /** Package under `@fontsource-variable/`. */
  package: string;
  css: string;
  fallback: string;
}

const serif = (id: string, css: string): Family => ({ package: id, css, fallback: "ui-serif, Georgia, 'Times New Roman', serif" });
const sans = (id: string, css: string): Family => ({
  package: id,
  css,
  fallback: "ui-sans-serif, system-ui, 'Segoe UI', Arial, sans-serif",
});

export const FAMILIES = {
  fraunces: serif('fraunces', 'Fraunces Variable'),
  newsreader: serif('newsreader', 'Newsreader Variable'),
  figtree: sans('figtree', 'Figtree Variable'),
  instrument: sans('instrument-sans', 'Instrument Sans Variable'),
  bricolage: sans('bricolage-grotesque', 'Bricolage Grotesque Variable'),
  grotesk: sans('space-grotesk', 'Space Grotesk Variable'),
  mono: { package: 'jetbrains-mono', css: 'JetBrains Mono Variable', fallback: 'ui-monospace, Menlo, Consolas, monospace' },
} as const satisfies Record<string, Family>;

const { fraunces, newsreader, figtree, instrument, bricolage, grotesk, mono } = FAMILIES;

export const PAIRINGS: readonly TypePairing[] = [
  pairing('warm', 'Fraunces with Figtree', fraunces, figtree, figtree, 480, -0.022, 1),
  pairing('classic', 'Newsreader with Instrument Sans', newsreader, instrument, instrument, 420, -0.022, 1.06),
  pairing('bookish', 'Newsreader throughout', newsreader, newsreader, instrument, 460, -0.018, 1.06),
  pairing('lively', 'Bricolage Grotesque with Figtree', bricolage, figtree, figtree, 700, -0.03, 1),
  pairing('modern', 'Instrument Sans throughout', instrument, instrument, instrument, 560, -0.038, 0.98),
  pairing('technical', 'Space Grotesk with JetBrains Mono labels', grotesk, instrument, mono, 560, -0.035, 0.96),
  pairing('friendly', 'Figtree throughout', figtree, figtree, figtree, 700, -0.03, 0.96),
  pairing('statement', 'Bricolage Grotesque with Newsreader', bricolage, newsreader, bricolage, 640, -0.035, 1),
];

function pairing(
  id: string,
  name: string,
  display: Family,
  text: Family,
  label: Family,
  weight: number,
  tracking: number,
  scale: number,
): TypePairing {
  return { id, name, display, text, label, weight, tracking, scale };
}

/** @throws Error for an id that is not in the house. */
export function getPairing(id: string): TypePairing {
  const found = PAIRINGS.find((entry) => entry.id === id);
  if (!found) throw new Error(`There is no type pairing called ${id}.`);
  return found;
}

/** `@import` lines, one per family in use. */
export function fontImports(type: TypePairing): string {
  const packages = new Set([type.display, type.text, type.label].map((family) => family.package));
  return [...packages].map((name) => `@import '@fontsource-variable/${name}';`).join('\n');
}

/** Declarations for Tailwind's `@theme`, two spaces in. */
export function fontCss(type: TypePairing): string {
  const stack = (family: Family) => `'${family.css}', ${family.fallback}`;
  return [
    `  --font-sans: ${stack(type.text)};`,
    `  --font-display: ${stack(type.display)};`,
    `  --font-label: ${stack(type.label)};`,
    `  --display-weight: ${type.weight};`,
    `  --display-tracking: ${type.tracking}em;`,
    `  --display-scale: ${type.scale};`,
  ].join('\n');
}
