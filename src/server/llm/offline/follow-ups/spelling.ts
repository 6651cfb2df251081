const VOCABULARY = (
  'add remove delete change replace move rename swap switch make use set reorder undo revert insert include put drop hide turn update ' +
  'section page pages title headline heading subtitle tagline name button text hero features gallery pricing prices testimonials reviews contact newsletter ' +
  'blog about menu hours team schedule footer header question questions colour color colours colors palette font fonts serif layout centered editorial ' +
  'dark light mode theme above below before after bottom green blue navy cream yellow orange purple pink black white brown teal terracotta warmer cooler ' +
  'email phone address opening picture pictures corners rounded modern elegant playful'
).split(' ');
// Words of their own that lie a letter or two away from one above.
const WORDS =
  'write wrote white right where there these those their quite style stories story place plate page poem name named make made more most move love live like look ' +
  'than that then them they this with will would could should have from come some same time times home house plan plans price team teams item items each ' +
  'test text next best rest blue glue grey great tree free three about above after alter open over order other under upper front font form from food good ' +
  'phones photo photos pages paper list last left lift long song since sing call calls caller email mail main mean menu men women';
const KNOWN = new Set([...VOCABULARY, ...WORDS.split(' ')]);

/** Puts right small slips in the words that instructions are made of; names, numbers and quoted text stay as they are. */
export function correctSpelling(text: string): string {
  return text.replaceAll(/\p{L}{4,}/gu, (word, at: number) => {
    const lower = word.toLowerCase();
    const isName = word !== lower && at > 0;
    if (KNOWN.has(lower) || isName || KNOWN.has(lower.replace(/s$/, ''))) return word;
    return (
      VOCABULARY.find(
        (known) =>
          known.length > 3 && known[0] === lower[0] && distance(lower, known) <= (Math.min(known.length, lower.length) > 6 ? 2 : 1),
      ) ?? word
    );
  });
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
