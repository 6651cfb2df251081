import { capitalise } from '../site/fill.ts';

const CITIES =
  /\b(lisbon|lisboa|porto|coimbra|braga|faro|madeira|azores|berlin|munich|hamburg|cologne|leipzig|vienna|zurich|geneva|basel|bern|madrid|barcelona|valencia|seville|bilbao|granada|paris|lyon|marseille|bordeaux|nantes|rome|milan|florence|naples|turin|venice|amsterdam|rotterdam|utrecht|brussels|ghent|antwerp|dublin|cork|galway|london|manchester|bristol|leeds|brighton|oxford|cambridge|edinburgh|glasgow|cardiff|belfast|copenhagen|aarhus|stockholm|gothenburg|malmö|oslo|bergen|helsinki|tallinn|riga|vilnius|warsaw|krakow|prague|budapest|athens|istanbul|new york|brooklyn|boston|chicago|portland|seattle|austin|denver|los angeles|san francisco|oakland|nashville|philadelphia|toronto|vancouver|montreal|mexico city|são paulo|sao paulo|rio de janeiro|buenos aires|tokyo|kyoto|osaka|seoul|taipei|singapore|bangkok|mumbai|delhi|bangalore|cape town|nairobi|lagos|accra|sydney|melbourne|auckland|wellington)\b/i;

const WORD = String.raw`[A-ZÀ-Þ][\p{L}’'-]+`;
const AFTER = new RegExp(
  String.raw`(?<!\p{L})(?:in|near|at|outside|around|from|based in|located in|en|em|no|na|à)\s+((?:the\s+)?${WORD}(?:\s+(?:(?:de|da|do|of|the|la|le|am|an der|upon|on)\s+)*${WORD})*)`,
  'u',
);
const NOT_PLACES =
  /^(?:english|german|french|spanish|portuguese|italian|dutch|serif|sans|astro|tailwind|react|html|css|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the)$/i;

/** The place a prompt names: a known city, or a capitalised word after "in", "near", "at". */
export function findPlace(prompt: string): string | undefined {
  const after = AFTER.exec(prompt)?.[1];
  if (after && !NOT_PLACES.test(after.split(/\s+/)[0]!)) return after.replace(/['’]s$/, '');
  const city = CITIES.exec(prompt)?.[1];
  return city
    ?.split(' ')
    .map((word) => (/^(?:de|da|do|of)$/.test(word) ? word : capitalise(word)))
    .join(' ');
}
