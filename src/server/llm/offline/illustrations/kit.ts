/** The site's own colours, so that a picture follows the palette and the theme. */
export const INK = {
  sky: 'var(--color-art-sky)',
  main: 'var(--color-art-main)',
  second: 'var(--color-art-second)',
  third: 'var(--color-art-third)',
  paper: 'var(--color-art-paper)',
  dark: 'var(--color-art-dark)',
} as const;

export const mix = (a: string, percent: number, b: string) => `color-mix(in oklab, ${a} ${percent}%, ${b})`;

/** Shades that most pictures want. */
export const TONE = {
  mainDeep: mix(INK.main, 72, INK.dark),
  mainSoft: mix(INK.main, 45, INK.sky),
  secondSoft: mix(INK.second, 55, INK.paper),
  /** For grounds: dark when the theme is. */
  secondGround: mix(INK.second, 48, INK.sky),
  secondDeep: mix(INK.second, 76, INK.dark),
  thirdDeep: mix(INK.third, 72, INK.dark),
  thirdSoft: mix(INK.third, 50, INK.sky),
  paperShade: mix(INK.paper, 84, INK.main),
  haze: mix(INK.sky, 70, INK.paper),
} as const;

const n = (value: number) => String(Math.round(value * 10) / 10);

export const rect = (x: number, y: number, w: number, h: number, fill: string, r = 0) =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"${r ? ` rx="${n(r)}"` : ''} fill="${fill}"/>`;

export const circle = (x: number, y: number, r: number, fill: string) => `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"/>`;

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string) =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"/>`;

export const shape = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;

export const stroke = (d: string, ink: string, width = 3) =>
  `<path d="${d}" fill="none" stroke="${ink}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"/>`;

export const ring = (x: number, y: number, r: number, ink: string, width = 3) =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="none" stroke="${ink}" stroke-width="${n(width)}"/>`;

export const group = (transform: string, ...children: string[]) => `<g transform="${transform}">\n${children.join('\n')}\n</g>`;

export const faded = (opacity: number, ...children: string[]) => `<g opacity="${n(opacity)}">\n${children.join('\n')}\n</g>`;

export const at = (x: number, y: number, scale = 1, turn = 0) =>
  `translate(${n(x)} ${n(y)})${turn ? ` rotate(${n(turn)})` : ''}${scale === 1 ? '' : ` scale(${Math.round(scale * 100) / 100})`}`;

/** A leaf from (0,0) upwards, `length` tall. */
export function leaf(length: number, width: number, fill: string, vein?: string): string {
  const [l, w] = [n(-length), n(width)];
  const body = shape(
    `M0 0C${w} ${n(-length * 0.3)} ${w} ${n(-length * 0.75)} 0 ${l}C-${w} ${n(-length * 0.75)} -${w} ${n(-length * 0.3)} 0 0Z`,
    fill,
  );
  return vein ? `${body}${stroke(`M0 0V${n(-length * 0.82)}`, vein, 1.6)}` : body;
}
