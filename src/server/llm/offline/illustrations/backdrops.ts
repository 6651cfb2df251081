import type { Random } from '../random.ts';
import { INK, TONE, mix, at, circle, ellipse, group, leaf, rect, shape, stroke } from './kit.ts';

const { main, second, third, sky } = INK;

/** What lies behind the objects of a picture: fills `w` × `h`; objects stand on `ground`. */
export interface Backdrop {
  art: string;
  ground: number;
}

/** With objects before it, a busy backdrop steps back. */
type DrawBackdrop = (w: number, h: number, random: Random, behind: boolean) => Backdrop;

const sun: DrawBackdrop = (w, h, random) => {
  const ground = h * 0.82;
  const x = w * random.between(0.42, 0.58);
  const r = Math.min(w, h) * 0.36;
  return {
    art: [rect(0, 0, w, h, sky), circle(x, h * 0.44, r, TONE.secondSoft), rect(0, ground, w, h - ground, TONE.mainSoft)].join('\n'),
    ground: ground + h * 0.04,
  };
};

const arch: DrawBackdrop = (w, h, random) => {
  const r = Math.min(w * 0.34, h * 0.46);
  const [left, top] = [w / 2 - r, h * 0.1];
  const ground = h * 0.84;
  const inside = random.pick([TONE.haze, TONE.secondSoft, TONE.thirdSoft]);
  return {
    art: [
      rect(0, 0, w, h, random.pick([TONE.mainSoft, sky, TONE.secondSoft])),
      shape(`M${left} ${h}V${top + r}a${r} ${r} 0 0 1 ${r * 2} 0V${h}Z`, inside),
      circle(w / 2 + r * random.between(-0.4, 0.4), top + r * 0.98, r * 0.42, second),
      rect(0, ground, w, h - ground, TONE.mainDeep),
      rect(0, ground, w, h * 0.018, main),
    ].join('\n'),
    ground: ground + h * 0.012,
  };
};

const hills: DrawBackdrop = (w, h, random) => {
  const crest = (base: number, swing: number, fill: string) => {
    const [a, b] = [random.between(0.2, 0.4), random.between(0.6, 0.8)];
    const y = (t: number) => (h * (base + swing * t)).toFixed(0);
    return shape(
      `M0 ${y(random.between(-1, 1))}C${(w * a).toFixed(0)} ${y(-2)} ${(w * a).toFixed(0)} ${y(-2)} ${(w * 0.5).toFixed(0)} ${y(0)}S${(w * b).toFixed(0)} ${y(1.6)} ${w} ${y(random.between(-1.4, 0.4))}V${h}H0Z`,
      fill,
    );
  };
  return {
    art: [
      rect(0, 0, w, h, sky),
      circle(w * random.between(0.2, 0.8), h * random.between(0.24, 0.36), h * 0.11, second),
      crest(0.5, 0.06, TONE.mainSoft),
      crest(0.62, 0.05, TONE.thirdSoft),
      crest(0.74, 0.035, third),
      crest(0.85, 0.02, TONE.thirdDeep),
    ].join('\n'),
    ground: h * 0.9,
  };
};

const coast: DrawBackdrop = (w, h, random) => {
  const horizon = h * 0.56;
  const x = w * random.between(0.25, 0.75);
  const waves = Array.from({ length: 9 }, (_, i) => {
    const y = horizon + (h - horizon) * ((i + 1) / 10) * 0.8;
    const length = w * random.between(0.06, 0.2);
    return stroke(`M${(w * random.between(0, 0.85)).toFixed(0)} ${y.toFixed(0)}h${length.toFixed(0)}`, TONE.haze, 2.5);
  });
  return {
    art: [
      rect(0, 0, w, h, sky),
      circle(x, horizon, h * 0.2, second),
      rect(0, horizon, w, h - horizon, third),
      rect(0, horizon + (h - horizon) * 0.5, w, (h - horizon) * 0.5, TONE.thirdDeep),
      ...waves,
      shape(`M${w * 0.58} ${h}C${w * 0.68} ${h * 0.8} ${w * 0.86} ${h * 0.84} ${w} ${h * 0.76}V${h}Z`, TONE.mainDeep),
      shape(`M0 ${h}V${h * 0.84}C${w * 0.16} ${h * 0.8} ${w * 0.3} ${h * 0.94} ${w * 0.42} ${h}Z`, main),
    ].join('\n'),
    ground: h * 0.94,
  };
};

const town: DrawBackdrop = (w, h, random, behind) => {
  const ground = h * 0.86;
  const fills = behind
    ? [mix(main, 16, sky), mix(second, 30, sky), mix(third, 20, sky), mix(main, 26, sky)]
    : [TONE.mainSoft, main, TONE.secondSoft, second, TONE.thirdSoft, third];
  const roof = behind ? mix(main, 38, sky) : TONE.mainDeep;
  const houses: string[] = [];
  for (let row = 0; row < 2; row++) {
    for (let x = -w * 0.02; x < w;) {
      const width = w * random.between(0.07, 0.12);
      const top = ground - h * random.between(0.18, 0.36) - (1 - row) * h * 0.16;
      houses.push(rect(x, top, width, h - top, random.pick(fills)));
      if (random.next() < 0.75)
        houses.push(
          shape(
            `M${(x - 4).toFixed(0)} ${top.toFixed(0)}l${(width / 2 + 4).toFixed(0)} -${(h * 0.06).toFixed(0)}l${(width / 2 + 4).toFixed(0)} ${(h * 0.06).toFixed(0)}Z`,
            roof,
          ),
        );
      const gap = width / 3;
      for (let y = top + h * 0.04; y < ground - h * 0.06; y += h * 0.075) {
        houses.push(rect(x + gap * 0.6, y, gap * 0.5, h * 0.036, TONE.haze), rect(x + gap * 1.9, y, gap * 0.5, h * 0.036, TONE.haze));
      }
      x += width;
    }
  }
  return {
    art: [
      rect(0, 0, w, h, sky),
      circle(w * random.between(0.2, 0.8), h * 0.24, h * 0.1, behind ? TONE.secondSoft : second),
      ...houses,
      rect(0, ground, w, h - ground, behind ? TONE.mainSoft : TONE.mainDeep),
    ].join('\n'),
    ground: ground + h * 0.06,
  };
};

const tiles: DrawBackdrop = (w, h) => {
  const ground = h * 0.78;
  const size = Math.min(w, h) / 7;
  const flowers: string[] = [];
  for (let y = 0; y < ground; y += size) {
    for (let x = 0; x < w; x += size) {
      const [cx, cy] = [x + size / 2, y + size / 2];
      flowers.push(
        circle(x, y, size * 0.16, mix(third, 22, sky)),
        `<path d="M${cx.toFixed(0)} ${(cy - size * 0.3).toFixed(0)}l${(size * 0.3).toFixed(0)} ${(size * 0.3).toFixed(0)}l-${(size * 0.3).toFixed(0)} ${(size * 0.3).toFixed(0)}l-${(size * 0.3).toFixed(0)} -${(size * 0.3).toFixed(0)}Z" fill="${TONE.haze}"/>`,
      );
    }
  }
  return {
    art: [rect(0, 0, w, h, sky), ...flowers, rect(0, ground, w, h - ground, TONE.mainSoft), rect(0, ground, w, h * 0.02, main)].join('\n'),
    ground: ground + h * 0.05,
  };
};

const leaves: DrawBackdrop = (w, h, random) => {
  const ground = h * 0.84;
  const spray = (x: number, base: number, lean: number) =>
    Array.from({ length: 7 }, (_, i) =>
      group(
        at(x, base, 1, lean + (i - 3) * 17),
        leaf(h * random.between(0.3, 0.46), h * 0.055, i % 2 ? TONE.thirdSoft : third, TONE.thirdDeep),
      ),
    );
  return {
    art: [
      rect(0, 0, w, h, sky),
      circle(w / 2, h * 0.46, Math.min(w, h) * 0.34, TONE.haze),
      ...spray(0, h * 0.9, 26),
      ...spray(w, h * 0.9, -26),
      rect(0, ground, w, h - ground, TONE.mainSoft),
    ].join('\n'),
    ground: ground + h * 0.05,
  };
};

const blocks: DrawBackdrop = (w, h, random) => {
  const ground = h * 0.84;
  const r = Math.min(w, h) * 0.3;
  const x = random.pick([w * 0.1, w * 0.9]);
  return {
    art: [
      rect(0, 0, w, h, sky),
      rect(w * 0.5, 0, w * 0.5, h * 0.5, TONE.secondSoft),
      shape(`M0 ${h * 0.5}h${w * 0.5}a${w * 0.5} ${h * 0.5} 0 0 1 -${w * 0.5} ${h * 0.5}Z`, TONE.thirdSoft),
      circle(x, h * 0.2, r * 0.7, TONE.mainSoft),
      ellipse(w / 2, ground, w * 0.36, h * 0.03, TONE.mainSoft),
    ].join('\n'),
    ground,
  };
};

const BACKDROPS = { sun, arch, hills, coast, town, tiles, leaves, blocks } as const;
export type BackdropName = keyof typeof BACKDROPS;

export function drawBackdrop(name: BackdropName, w: number, h: number, random: Random, behind: boolean): Backdrop {
  return BACKDROPS[name](w, h, random, behind);
}
