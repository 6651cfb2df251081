import { KNOWN_PAGES } from '../site/pages.ts';
import { slugOf } from '../understanding/names.ts';
import type { Clause } from './clauses.ts';
import { valueOf } from './clauses.ts';
import type { Instruction } from './instruction.ts';

const WANTED =
  /\b(?:add|create|make|build|include|need|want|give|put|write|have)\b.*?\b(?:an?|the|another|new|separate|own|some|two|three|with)?\s*([\w§' &,-]*?)\s*\b(?:sub)?pages?\b(?:\s+(?:called|named|titled|about|for)\s+(.+?))?(?:\s+(?:with|and)\s+.*)?$/i;
const GONE = /\b(?:remove|delete|drop|get rid of)\b\s*(?:the\s+)?([\w§' &-]+?)\s*\bpages?\b/i;

/** Pages to add and remove. */
export function pageInstructions({ text, quoted }: Clause): Instruction[] {
  if (!/\bpages?\b/i.test(text) || /\b(?:this|the|whole|entire|every|each|home) ?page\b/i.test(text.replace(GONE, ''))) return [];
  const gone = GONE.exec(text);
  if (gone)
    return [
      {
        do: 'remove-page',
        slug: KNOWN_PAGES.find(({ words }) => words.test(gone[1]!.toLowerCase()))?.slug ?? slugOf(valueOf(gone[1]!, quoted)),
      },
    ];
  const wanted = WANTED.exec(text);
  if (!wanted) return [];
  const named = wanted[2] ? valueOf(wanted[2], quoted) : undefined;
  const phrase = `${wanted[1]} ${wanted[2] ?? ''}`.toLowerCase();
  const known = KNOWN_PAGES.filter(({ words }) => words.test(wanted[1]!.trim() ? wanted[1]!.toLowerCase() : phrase));
  if (known.length > 0) return known.map(({ slug, label, kinds }) => ({ do: 'add-page', page: { slug, label, kinds } }));
  const label = named ?? valueOf(wanted[1]!.replace(/^(?:an?|the|another|new|separate|own)\s+/i, ''), quoted);
  if (!label || /^(?:new|another|a|more)$/i.test(label)) return [];
  return [{ do: 'add-page', page: { slug: slugOf(label), label: label.slice(0, 40), kinds: ['story', 'contact'] } }];
}
