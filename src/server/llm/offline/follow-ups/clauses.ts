import { correctSpelling } from './spelling.ts';

/** One wish of a request: quoted texts are set aside as `§0§`, so that their words mean nothing to the rules. */
export interface Clause {
  /** Spelling put right, lower case except for names. */
  text: string;
  /** What was quoted, by number. */
  quoted: readonly string[];
}

const QUOTES =
  /"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|`([^`]+)`|(?<![\p{L}\p{N}])['‘]((?:[^'’\n]|['’](?=\p{L}))+)['’](?![\p{L}\p{N}])/gu;
const VERBS =
  'add|remove|delete|change|replace|move|rename|swap|switch|make|use|set|reorder|undo|revert|insert|include|put|drop|hide|turn|update|give|call|center|centre|show|bring|write|get rid|take|i want|we need|let|also|please|can you|could you';
const SPLIT = new RegExp(
  String.raw`(?:[.;\n]+\s*|,\s*|\s+)(?:and then|then|and also|and|also|plus|but)\s+(?=(?:${VERBS})\b)|[;\n]+|(?<=[\p{L}§\d)])[.!?]\s+(?=\S)|,\s*(?=(?:${VERBS})\b)`,
  'giu',
);

/** Takes a request apart into its wishes. */
export function clausesOf(request: string): Clause[] {
  const quoted: string[] = [];
  const flat = request.replaceAll(QUOTES, (_, ...groups: unknown[]) => {
    quoted.push((groups.slice(0, 6).find((group) => typeof group === 'string') as string).trim());
    return `§${quoted.length - 1}§`;
  });
  return flat
    .split(SPLIT)
    .map((part) => correctSpelling((part ?? '').trim().replace(/[.!]+$/, '')))
    .filter((part) => part.length > 1)
    .map((text) => ({ text, quoted }));
}

/** The value a phrase stands for: its quoted text, or the words themselves. */
export function valueOf(phrase: string, quoted: readonly string[]): string {
  const marked = /§(\d+)§/.exec(phrase);
  if (marked) return quoted[Number(marked[1])] ?? '';
  const plain = phrase
    .trim()
    .replace(/^(?:be|say|read|is)\s+/i, '')
    .replace(/\s*[,.;]$/, '');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A phrase with its quoted texts back in place. */
export const restore = (phrase: string, quoted: readonly string[]) =>
  phrase.replaceAll(/§(\d+)§/g, (_, index: string) => `“${quoted[Number(index)]}”`);
