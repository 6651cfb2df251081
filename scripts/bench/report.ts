import { cpus, loadavg, totalmem } from 'node:os';
import type { Spread } from './statistics.ts';

export interface BenchOptions {
  /** How often each side of a comparison is measured. */
  rounds: number;
}

type Unit = 'ms' | 'MB' | 'KB' | '×' | '%' | '/s' | 'writes';

/** A measured value beside the most, or the least, that it should be. `value` is undefined when it could not be measured. */
export type Verdict = { what: string; value: number | undefined; unit: Unit } & ({ target: number } | { least: number });

export function isMet(verdict: Verdict): boolean {
  if (verdict.value === undefined) return false;
  return 'least' in verdict ? verdict.value >= verdict.least : verdict.value <= verdict.target;
}

export function describeVerdict(verdict: Verdict): string {
  const { what, value, unit } = verdict;
  const measured = value === undefined ? 'not measured' : formatValue(value, unit);
  const target = 'least' in verdict ? `≥ ${formatValue(verdict.least, unit)}` : `≤ ${formatValue(verdict.target, unit)}`;
  return `${isMet(verdict) ? 'pass' : 'MISS'}  ${what}: ${measured} (target ${target})`;
}

function formatValue(value: number, unit: Unit): string {
  return unit === '×' ? `${value.toFixed(2)} ×` : `${formatNumber(value)} ${unit}`;
}

export function formatNumber(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

/** Median, then the range: `812 (790–1,004)`. */
export function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

/** Cores, memory and how busy the machine is: a figure without its load says little. */
export function describeMachine(): string {
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} cores, ${memoryGb} GB, ${process.platform}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`;
}

/** Prints rows under their headings, aligned; the first column to the left, the others to the right. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  const [first, ...rest] = lines.map(format);
  process.stdout.write(`\n${first}\n${'-'.repeat(first?.length ?? 0)}\n${rest.join('\n')}\n`);
}
