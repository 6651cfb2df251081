const PATTERNS_PER_FILE = 1_000;

interface Rule {
  isNegated: boolean;
  foldersOnly: boolean;
  /** Path components of an anchored pattern; one component for a pattern that matches a name at any depth. */
  components: readonly string[];
  isAnchored: boolean;
}

/** The rules of one `.gitignore`. */
export type IgnoreRules = readonly Rule[];

/**
 * Reads a `.gitignore` (gitignore(5)). Matching takes time proportional to pattern × name and never backtracks further:
 * libraries turn patterns into regular expressions, with which a hostile file could hold the host for minutes.
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines.slice(0, PATTERNS_PER_FILE).flatMap((line) => parseRule(line) ?? []);
}

/**
 * What the rules say of a path below their own folder; undefined when they say nothing. The last rule that matches wins.
 *
 * @param path Components from the folder of the `.gitignore`.
 */
export function judgeByRules(rules: IgnoreRules, path: readonly string[], isFolder: boolean): 'ignored' | 'kept' | undefined {
  const name = path.at(-1) as string;
  for (let index = rules.length - 1; index >= 0; index -= 1) {
    const rule = rules[index] as Rule;
    if (rule.foldersOnly && !isFolder) continue;
    const matches = rule.isAnchored ? matchesPath(rule.components, path) : matchesName(rule.components[0] as string, name);
    if (matches) return rule.isNegated ? 'kept' : 'ignored';
  }
  return undefined;
}

function parseRule(line: string): Rule | undefined {
  let pattern = trimTrailingSpaces(line.replace(/\r$/, ''));
  if (pattern === '' || pattern.startsWith('#')) return undefined;
  const isNegated = pattern.startsWith('!');
  if (isNegated) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const isAnchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  if (pattern === '') return undefined;
  return { isNegated, foldersOnly, isAnchored, components: isAnchored ? pattern.split('/') : [pattern] };
}

/** Trailing spaces go, unless a backslash quotes them. */
function trimTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && !isQuoted(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isQuoted(line: string, index: number): boolean {
  let backslashes = 0;
  while (line[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** `**` stands for any number of components, at the end for at least one. */
function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  let [at, from, star, starFrom] = [0, 0, -1, 0];
  while (from < path.length) {
    if (pattern[at] === '**') {
      if (at === pattern.length - 1) return true;
      [star, starFrom] = [at, from];
      at += 1;
    } else if (at < pattern.length && matchesName(pattern[at] as string, path[from] as string)) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      starFrom += 1;
      [at, from] = [star + 1, starFrom];
    } else return false;
  }
  return at === pattern.length;
}

/** One component against one name: `*`, `?`, `[…]` and `\` (wildmatch of git, within a component). */
function matchesName(pattern: string, name: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === name;
  let [at, from, star, starFrom] = [0, 0, -1, 0];
  while (from < name.length) {
    const step = pattern[at] === '*' ? 0 : matchOne(pattern, at, name[from] as string);
    if (pattern[at] === '*') {
      [star, starFrom] = [at, from];
      at += 1;
    } else if (step > 0) {
      at += step;
      from += 1;
    } else if (star >= 0) {
      starFrom += 1;
      [at, from] = [star + 1, starFrom];
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** How many characters of the pattern match this one character; 0 when they do not. */
function matchOne(pattern: string, at: number, character: string): number {
  const token = pattern[at];
  if (token === undefined) return 0;
  if (token === '?') return 1;
  if (token === '\\') return pattern[at + 1] === character ? 2 : 0;
  if (token === '[') return matchClass(pattern, at, character);
  return token === character ? 1 : 0;
}

const namedClasses: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
};

function matchClass(pattern: string, start: number, character: string): number {
  let at = start + 1;
  const isNegated = pattern[at] === '!' || pattern[at] === '^';
  if (isNegated) at += 1;
  let isIn = false;
  for (let isFirst = true; isFirst || pattern[at] !== ']'; isFirst = false) {
    if (pattern[at] === undefined) return 0;
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    if (named) {
      const set = namedClasses[named[1] as string];
      if (!set) return 0;
      isIn ||= set.test(character);
      at += named[0].length;
      continue;
    }
    if (pattern[at] === '\\') at += 1;
    const low = pattern[at] as string;
    at += 1;
    if (pattern[at] !== '-' || pattern[at + 1] === ']' || pattern[at + 1] === undefined) {
      isIn ||= low === character;
      continue;
    }
    at += pattern[at + 1] === '\\' ? 2 : 1;
    const high = pattern[at] as string;
    if (high === undefined) return 0;
    isIn ||= low <= character && character <= high;
    at += 1;
  }
  return isIn !== isNegated ? at - start + 1 : 0;
}
