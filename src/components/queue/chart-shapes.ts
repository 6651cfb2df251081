/** Drawing charts as SVG paths, in a box of `WIDTH` × `HEIGHT` whose plot leaves room for labels on the left and below. */
export const WIDTH = 420;
export const HEIGHT = 108;
export const PLOT = { left: 34, right: WIDTH - 4, top: 8, bottom: HEIGHT - 18 };

const plotWidth = PLOT.right - PLOT.left;
const plotHeight = PLOT.bottom - PLOT.top;
const round = (value: number) => Math.round(value * 10) / 10;

/** The next of 1, 2, 5, 10, 20, 50 … that is not below `value`; at least 1. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

/** Left edge and width of a slot's column. */
export function columnOf(index: number, count: number): { x: number; width: number } {
  const step = plotWidth / count;
  return { x: round(PLOT.left + index * step), width: round(step) };
}

/**
 * Stacked bars, one path a layer, the first at the bottom.
 *
 * @param layers For each layer its value in each slot.
 */
export function stackedBars(layers: readonly (readonly number[])[], max: number): string[] {
  const count = layers[0]?.length ?? 0;
  const heights = new Array<number>(count).fill(0);
  return layers.map((values) =>
    values
      .map((value, index) => {
        if (value <= 0) return '';
        const { x, width } = columnOf(index, count);
        const from = PLOT.bottom - (heights[index]! / max) * plotHeight;
        heights[index]! += value;
        const to = PLOT.bottom - (heights[index]! / max) * plotHeight;
        return `M${x} ${round(from)}V${round(to)}h${round(width * 0.8)}V${round(from)}z`;
      })
      .join(''),
  );
}

/** Durations span from a millisecond to hours: a logarithmic axis, from `fromMs` at the bottom to `toMs` at the top. */
export function logHeight(ms: number, fromMs: number, toMs: number): number {
  const share = (Math.log(Math.max(fromMs, ms)) - Math.log(fromMs)) / (Math.log(toMs) - Math.log(fromMs));
  return round(PLOT.bottom - Math.min(1, share) * plotHeight);
}

/** A line that breaks where there is no value; a value between two gaps becomes a dash. */
export function brokenLine(values: readonly (number | null)[], heightOf: (value: number) => number): string {
  let path = '';
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      drawing = false;
      continue;
    }
    const { x, width } = columnOf(index, values.length);
    const point = `${round(x + width / 2)} ${heightOf(value)}`;
    const isAlone = !drawing && (values[index + 1] ?? null) === null;
    path += isAlone ? `M${point}m-1.5 0h3` : `${drawing ? 'L' : 'M'}${point}`;
    drawing = true;
  }
  return path;
}

const durationSteps = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000];

/** The axis of durations: its ends, and the steps between them that get a line. */
export function durationAxis(values: readonly (number | null)[]): { fromMs: number; toMs: number; steps: number[] } {
  const known = values.filter((value) => value !== null);
  const highest = Math.max(100, ...known);
  const toMs = durationSteps.find((step) => step >= highest) ?? durationSteps.at(-1)!;
  return { fromMs: 1, toMs, steps: durationSteps.filter((step) => step <= toMs && step > 1) };
}

/** As far as labels have to be apart where their letters are larger. */
const LABEL_HEIGHT = 16;

/** Which labels, in the order of their heights, have no room beside the last that has. */
export function isCrowded(heights: readonly number[]): boolean[] {
  let last = Infinity;
  return heights.map((height) => {
    if (Math.abs(last - height) < LABEL_HEIGHT) return true;
    last = height;
    return false;
  });
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
export const clockTime = (ms: number) => clock.format(ms);
