/** What stands in for the braces of a topic's copy. */
export interface Blanks {
  name: string;
  subject: string;
  place?: string;
}

/** Fills `{name}`, `{place}`, `{in}`, `{in|otherwise}`, `{subject}`, `{Subject}`, and `¤` in every text of a value, however deep. */
export function fill<T>(value: T, blanks: Blanks): T {
  if (typeof value === 'string') return fillText(value, blanks) as T;
  if (Array.isArray(value)) return value.map((entry) => fill(entry as unknown, blanks)) as T;
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry as unknown, blanks)])) as T;
  }
  return value;
}

function fillText(text: string, { name, subject, place }: Blanks): string {
  return text
    .replaceAll(/\{in(?:\|([^}]*))?\}/g, (_, otherwise?: string) => (place ? ` in ${place}` : (otherwise ?? '')))
    .replaceAll('{name}', name)
    .replaceAll('{place}', place ?? 'town')
    .replaceAll('{Place}', place ?? 'Wherever you are')
    .replaceAll('{subject}', subject)
    .replaceAll('{Subject}', capitalise(subject))
    .replaceAll('¤', currencyOf(place));
}

export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const POUND =
  /london|manchester|bristol|leeds|glasgow|edinburgh|cardiff|belfast|brighton|oxford|cambridge|liverpool|york$|england|scotland|wales|\buk\b|britain/i;
const DOLLAR =
  /new york|brooklyn|portland|seattle|austin|boston|chicago|denver|los angeles|san francisco|california|oregon|texas|toronto|vancouver|montreal|canada|sydney|melbourne|australia|auckland|wellington|zealand|\busa?\b|america|nashville|philadelphia|miami|atlanta|detroit|oakland|minneapolis/i;
const EURO =
  /lisbon|porto|berlin|madrid|barcelona|paris|lyon|rome|milan|vienna|dublin|cork|galway|amsterdam|rotterdam|utrecht|brussels|ghent|antwerp|munich|hamburg|cologne|leipzig|athens|helsinki|tallinn|riga|vilnius|valencia|seville|bilbao|coimbra|braga|faro|algarve|portugal|spain|france|germany|italy|ireland|austria|netherlands|belgium|greece|finland|florence|naples|turin|marseille|bordeaux|nantes|lille/i;

function currencyOf(place: string | undefined): string {
  if (!place || EURO.test(place)) return '€';
  if (POUND.test(place)) return '£';
  return DOLLAR.test(place) ? '$' : '€';
}
