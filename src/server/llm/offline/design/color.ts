/** A colour in OKLCH (https://www.w3.org/TR/css-color-4/#ok-lab): lightness 0–1, chroma 0–0.37, hue in degrees. */
export interface Color {
  l: number;
  c: number;
  h: number;
}

export const color = (l: number, c: number, h: number): Color => ({ l, c, h });

/** As CSS writes it. */
export function cssOf({ l, c, h }: Color): string {
  return `oklch(${round(l)} ${round(c)} ${round(((h % 360) + 360) % 360, 1)})`;
}

/** WCAG 2 contrast ratio, 1–21, of two opaque colours. */
export function contrast(a: Color, b: Color): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved along lightness by `step` until it has at least `ratio` against every ground. */
export function readableOn(start: Color, grounds: readonly Color[], ratio: number, step: number): Color {
  let found = start;
  while (grounds.some((ground) => contrast(found, ground) < ratio) && found.l + step > 0 && found.l + step < 1) {
    found = { ...found, l: found.l + step };
  }
  return found;
}

function luminance(value: Color): number {
  const [r, g, b] = linearSrgb(value).map((channel) => Math.min(1, Math.max(0, channel))) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** https://bottosson.github.io/posts/oklab/ */
function linearSrgb({ l, c, h }: Color): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
