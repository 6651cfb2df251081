/** Why packages could not be installed; the codes are permanent. */
export const packagesErrorCodes = [
  'packages_unavailable',
  'package_unknown',
  'packages_unsupported',
  'packages_too_large',
  'packages_timed_out',
  'packages_failed',
  'manifest_invalid',
  'storage_full',
] as const;
export type PackagesErrorCode = (typeof packagesErrorCodes)[number];

/** `detail`: the lines that say why, for people. */
export interface PackagesFailure {
  code: PackagesErrorCode;
  detail: string;
}

const DETAIL_LINES = 8;
const STRUCTURE = /^\s*(?:×|├─▶|╰─▶|│)\s?/;
const BEGINS = /^\s*(?:×|├─▶|╰─▶|help:|Error:)/;

/** Reads what a failed pnpm printed. */
export function describePnpmFailure(lines: readonly string[]): PackagesFailure {
  const output = lines.join('\n');
  const said = sentences(lines);
  const detail = said.slice(-DETAIL_LINES).join('\n');
  if (/ENOSPC|No space left/i.test(output)) return { code: 'storage_full', detail };
  if (/ERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION|PACKAGE_NOT_FOUND|NO_VERSIONS|INVALID_PACKAGE_NAME)/.test(output))
    return { code: 'package_unknown', detail };
  if (isUnreachable(output)) return { code: 'packages_unavailable', detail };
  return { code: 'packages_failed', detail };
}

/** Whether an install without a network ended for want of one. */
export function isCold(lines: readonly string[]): boolean {
  return /ERR_PNPM_NO_OFFLINE/.test(lines.join('\n'));
}

/** Whether a lockfile is what pnpm stumbled over. */
export function isLockfileBroken(lines: readonly string[]): boolean {
  return /ERR_PNPM_(?:BROKEN_LOCKFILE|LOCKFILE_BREAKING_CHANGE|LOCKFILE_MISSING_DEPENDENCY|LOCKFILE_CONFIG_MISMATCH)/.test(
    lines.join('\n'),
  );
}

function isUnreachable(output: string): boolean {
  return /NETWORK_ERROR|ERR_PNPM_(?:META_FETCH_FAIL|FETCH_(?:401|403|5\d\d)|NO_OFFLINE)|ENOTFOUND|ECONNREFUSED|error sending request|Could not resolve host/.test(
    output,
  );
}

/** pnpm wraps its sentences in a drawing of 80 columns; here each is one line, said once. */
function sentences(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line.startsWith('Error:'));
  const found: string[] = [];
  for (const line of lines.slice(Math.max(0, from))) {
    const text = line.replace(STRUCTURE, '').trim();
    const last = found.at(-1);
    if (BEGINS.test(line) || last === undefined || last === '') found.push(text);
    else if (text === '') found.push('');
    else found[found.length - 1] = /[-/@]$/.test(last) ? last + text : `${last} ${text}`;
  }
  const kept = found.filter((text) => text !== '' && text !== 'installing dependencies' && !/^Progress:|^Error: ERR_PNPM_\w+$/.test(text));
  return [...new Set(kept)];
}
