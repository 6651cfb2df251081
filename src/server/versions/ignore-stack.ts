import { judgeByRules } from './ignore-rules.ts';
import type { IgnoreRules } from './ignore-rules.ts';

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
