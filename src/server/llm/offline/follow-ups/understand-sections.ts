import type { SectionKind } from '../sections/section.ts';
import { sectionsIn } from '../understanding/section-words.ts';
import type { Clause } from './clauses.ts';
import type { Instruction, Place } from './instruction.ts';

const ADD =
  /^(?:please )?(?:(?:can|could) (?:you|we) |i(?:'d| would)? (?:like|want)(?: to)? |we need |let's |also |now )*(?:add|include|insert|put(?: in)?|show|bring(?: back)?|create|make(?: me)?|give (?:it|us|me)|need|have|want)\b/i;
const REMOVE = /\b(?:remove|delete|drop|hide|get rid of|take (?:out|away|off)|lose|kill|no more|without|don't (?:need|want))\b/i;
const MOVE = /\b(?:move|put|place|bring|shift|push|send)\b/i;

/** Sections to add, remove, move and put in order. */
export function sectionInstructions({ text }: Clause): Instruction[] {
  const lower = text.toLowerCase();
  if (lower.startsWith('heading of ')) {
    const kind = sectionsIn(lower.slice(11))[0];
    return kind ? [{ do: 'set-heading', section: kind, value: '' }] : [];
  }
  const kinds = sectionsIn(lower);
  if (kinds.length === 0) return [];
  if (/\bswap\b|\bswitch places\b/.test(lower) && kinds.length === 2) return [{ do: 'swap', kinds: [kinds[0]!, kinds[1]!] }];
  if (/\b(?:re-?order|order|rearrange|sequence)\b/.test(lower) && kinds.length > 1) return [{ do: 'order', kinds }];
  if (REMOVE.test(lower)) return kinds.map((kind) => ({ do: 'remove-section', kind }));
  const place = placeIn(lower, kinds);
  if (place && MOVE.test(lower) && !/^(?:please )?put (?:in )?an? /.test(lower)) {
    const target = typeof place === 'object' ? Object.values(place)[0] : undefined;
    const moved = kinds.find((kind) => kind !== target);
    return moved ? [{ do: 'move', kind: moved, place }] : [];
  }
  if (!ADD.test(lower)) return [];
  const target = place && typeof place === 'object' ? Object.values(place)[0] : undefined;
  return kinds
    .filter((kind) => kind !== target && kind !== 'hero')
    .map((kind) => ({ do: 'add-section', kind, ...(place ? { place } : {}) }));
}

function placeIn(text: string, kinds: readonly SectionKind[]): Place | undefined {
  const beside = /\b(before|above|over|on top of|in front of|after|below|under|beneath|following|behind)\s+(?:the\s+)?(.+)$/.exec(text);
  const target = beside && sectionsIn(beside[2]!)[0];
  if (target && (kinds.length > 1 || kinds[0] !== target)) {
    return /before|above|over|top|front/.test(beside[1]!) ? { before: target } : { after: target };
  }
  if (/\b(?:to|at|on) the (?:very )?(?:top|beginning|start|front)\b|\bfirst\b/.test(text)) return 'first';
  if (/\b(?:to|at) the (?:very )?(?:bottom|end)\b|\blast\b/.test(text)) return 'last';
  if (/\b(?:up|higher|earlier)\b/.test(text)) return 'up';
  return /\b(?:down|lower|later)\b/.test(text) ? 'down' : undefined;
}
