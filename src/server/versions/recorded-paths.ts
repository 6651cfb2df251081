import { judgeByRules } from './ignore-rules.ts';
import type { IgnoreRules } from './ignore-rules.ts';

/**
 * Never part of a version, whatever a `.gitignore` says: packages and caches that are made again, secrets, and other people's
 * repositories (the folder `.git`; the files beside it are recorded like any others).
 */
export function isNeverRecorded(name: string): boolean {
  if (['.git', 'node_modules', '.astro', '.DS_Store'].includes(name.toLowerCase())) return true;
  return /^\.env(\..*)?$/i.test(name) && !/\.(example|sample|template)$/i.test(name);
}

/** The `.gitignore` files that apply in a folder, outermost first. */
export type IgnoreStack = readonly { depth: number; rules: IgnoreRules }[];

/** @param path Components from the workspace. The innermost file that says anything decides. */
export function isIgnored(stack: IgnoreStack, path: readonly string[], isFolder: boolean): boolean {
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const { depth, rules } = stack[index] as IgnoreStack[number];
    const verdict = judgeByRules(rules, path.slice(depth), isFolder);
    if (verdict) return verdict === 'ignored';
  }
  return false;
}
