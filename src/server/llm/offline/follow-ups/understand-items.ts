import type { Clause } from './clauses.ts';
import { restore, valueOf } from './clauses.ts';
import type { Instruction } from './instruction.ts';

const PRICE = String.raw`(?:[€$£]\s?\d+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?\s?(?:€|\$|£|euros?|dollars?|pounds?|eur|usd|gbp)|free|\d+(?:[.,]\d{1,2})?)`;

/** Single entries of lists: prices, dishes, questions, quotes, people. */
export function itemInstructions({ text, quoted }: Clause): Instruction[] {
  const value = (phrase: string) => valueOf(phrase, quoted);
  const question = /\badd\b.*?\b(?:faqs?|questions?|entry)\b[^§]*?(?:§(\d+)§(?:[^§]*§(\d+)§)?|\babout\s+(.+))$/i.exec(text);
  if (question) {
    if (question[3]) return [{ do: 'add-question', question: `What about ${value(question[3]).replace(/^\w/, (c) => c.toLowerCase())}?` }];
    const answer = question[2] === undefined ? undefined : quoted[Number(question[2])];
    return [{ do: 'add-question', question: quoted[Number(question[1])]!, ...(answer ? { answer } : {}) }];
  }
  const quote = /\badd\b.*?\b(?:testimonials?|reviews?|quotes?)\b/i.test(text) ? /§(\d+)§/.exec(text) : undefined;
  if (quote) {
    const name = /\b(?:from|by|of)\s+([\p{Lu}][\p{L}.’'-]*(?:\s+[\p{Lu}][\p{L}.’'-]*)*)/u.exec(text)?.[1];
    return [{ do: 'add-quote', quote: quoted[Number(quote[1])]!, name: name ?? 'A visitor' }];
  }
  const person =
    /\b[Aa]dd\s+(§\d+§|[\p{Lu}][\p{L}.’'-]*(?:\s+[\p{Lu}][\p{L}.’'-]*)*)(?:\s*,)?\s*(?:(?:as|our|the|,)\s+(?:an?\s+|our\s+|the\s+)?(.+?))?\s+to (?:the |our )?(?:team|staff|people|crew)/u.exec(
      text,
    );
  if (person) return [{ do: 'add-person', name: value(person[1]!), role: person[2] ? value(person[2]) : 'Team' }];
  const item = new RegExp(
    String.raw`\b[Aa]dd\s+(?:an?\s+|the\s+)?(.+?)\s+(?:to|on|in) (?:the |our )?(?:menu|price ?list|list)(?:\s+(?:for|at|,)\s*(${PRICE}))?$`,
    'iu',
  ).exec(text);
  if (item) {
    const priced = new RegExp(String.raw`^(.+?)\s+(?:for|at|,)\s*(${PRICE})$`, 'iu').exec(item[1]!);
    const price = item[2] ?? priced?.[2];
    return [{ do: 'add-item', name: value(priced?.[1] ?? item[1]!), ...(price ? { price } : {}) }];
  }
  const price =
    new RegExp(
      String.raw`\b(?:change|set|make|raise|lower|update|drop|increase|reduce)\s+(?:the\s+)?(?:price|cost|fee)s?\s+(?:of|for)\s+(?:the\s+|an?\s+)?(.+?)\s+(?:to|at|=)\s+(${PRICE})`,
      'iu',
    ).exec(text) ??
    new RegExp(
      String.raw`\b(?:change|set|make|raise|lower|update|increase|reduce)\s+(?:the\s+)?(.+?)(?:\s+(?:price|plan price))?\s+(?:to|cost|at)\s+(${PRICE})(?:\s*(?:a|per|each|/)\s*\w+)?$`,
      'iu',
    ).exec(text) ??
    new RegExp(String.raw`\b(?:the\s+)?(.+?)\s+(?:should cost|costs?|is now)\s+(${PRICE})`, 'iu').exec(text);
  if (price && !/\b(?:phone|number|address|headline|title|name|colou?r|button)\b/i.test(price[1]!))
    return [{ do: 'price', item: value(price[1]!.replace(/\s+plan$/i, '')), price: price[2]! }];
  const gone =
    /\b(?:remove|delete|drop|take)\s+(?:the\s+)?(.+?)\s+(?:from|off|out of) (?:the |our )?(?:menu|list|price ?list|plans?|pricing|team|gallery|faq|questions|schedule|testimonials|features)/i.exec(
      text,
    ) ??
    /\b(?:remove|delete|drop)\s+(?:the\s+)?(?:questions?|plans?|entry|item|dish|quote|testimonials?)\s+(?:about|called|named|from|by|on)?\s*(.+)$/i.exec(
      text,
    ) ??
    /^(?:please )?(?:remove|delete|drop)\s+(§\d+§)$/i.exec(text);
  return gone ? [{ do: 'remove-item', name: restore(value(gone[1]!), quoted) }] : [];
}
