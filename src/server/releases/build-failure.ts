/** Why a site could not be built, or what was built not be run or shown; the codes are permanent. */
export const buildErrorCodes = [
  'build_failed',
  'build_timed_out',
  'build_out_of_memory',
  'dependency_missing',
  'packages_unavailable',
  'server_output',
  'server_middleware',
  'server_not_shown',
  'script_unreadable',
  'no_pages',
  'output_too_large',
  'package_not_shared',
  'storage_full',
  'check_secret',
  'release_missing',
  'server_exited',
  'server_variable_missing',
  'server_silent',
  'server_failing',
] as const;
export type BuildErrorCode = (typeof buildErrorCodes)[number];

export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly code: BuildErrorCode;
  /** @param detail The lines that say why, as the build printed them, paths relative to the sources. */
  constructor(code: BuildErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

const DETAIL_LINES = 12;
const ERROR_LINE = /\berror\b|ERROR|failed to|Cannot find|Could not|✘/i;
const STACK_LINE = /^\s+at |^\s*Stack trace:|^This is most likely unintended|^If you do want to externalize|rolldownOptions\.external/;
const OUT_OF_MEMORY = /FATAL ERROR.*heap|heap out of memory|ERR_WORKER_OUT_OF_MEMORY/;
const MISSING = /failed to resolve import|Cannot find (?:module|package)|Could not (?:resolve|import)|ERR_MODULE_NOT_FOUND/i;

/** Reads a failed build's lines: what kind of failure, and the lines that matter. */
export function describeFailure(lines: readonly string[]): BuildError {
  const memory = lines.find((line) => OUT_OF_MEMORY.test(line));
  if (memory !== undefined) return new BuildError('build_out_of_memory', memory);
  if (lines.some((line) => /ENOSPC|no space left/i.test(line))) return new BuildError('storage_full', 'no space left on device');
  return new BuildError(lines.some((line) => MISSING.test(line)) ? 'dependency_missing' : 'build_failed', linesThatMatter(lines));
}

/** What a failed install means for a build. */
export function describeInstallFailure({ code, detail }: { code: string; detail: string }): BuildError {
  if (code === 'storage_full' || code === 'packages_unavailable') return new BuildError(code, detail);
  return new BuildError('dependency_missing', detail);
}

/** The last lines, where nothing says what went wrong. */
export function lastWords(lines: readonly string[]): string {
  return withoutNoise(lines.slice(-5)).join('\n');
}

/** From the first line that speaks of an error on. */
function linesThatMatter(lines: readonly string[]): string {
  const first = lines.findIndex((line) => ERROR_LINE.test(line));
  return withoutNoise(lines.slice(first === -1 ? -DETAIL_LINES : first))
    .slice(0, DETAIL_LINES)
    .join('\n');
}

function withoutNoise(lines: readonly string[]): string[] {
  const plain = lines.filter((line) => !STACK_LINE.test(line)).map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
  return plain.filter((line, index) => line !== plain[index - 1]);
}
