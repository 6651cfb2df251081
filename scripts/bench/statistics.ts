/** The middle of what was measured, and how far it spread. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  count: number;
}

/** @throws RangeError when there are no samples. */
export function spreadOf(samples: readonly number[]): Spread {
  return { median: percentile(samples, 50), min: percentile(samples, 0), max: percentile(samples, 100), count: samples.length };
}

/**
 * The value below which `percent` of the samples lie, by linear interpolation between the two nearest.
 *
 * @throws RangeError when there are no samples.
 */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('There is nothing to take a percentile of.');
  return below + (above - below) * (place - Math.floor(place));
}
