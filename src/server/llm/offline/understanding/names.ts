const QUOTED = /["“”«]([^"“”«»]{2,60})["”»]|(?<=\s|^)'([^']{2,60})'(?=[\s.,;:!?]|$)/;
const CALLED = /\b(?:called|named|titled|by the name(?: of)?|whose name is|name(?:d)? is|brand name)\s+(.{2,60})/i;
const PROPER = String.raw`(?:[A-ZÀ-Þ0-9][\p{L}\p{N}’'&.-]*)(?:\s+(?:(?:&|and|of|the|de|da|do|dos|du|la|le|el|y|e|und|van|von)\s+)*[A-ZÀ-Þ0-9][\p{L}\p{N}’'&.-]*)*`;
const FOR_PROPER = new RegExp(
  String.raw`\b(?:for|of|about)\s+(?:my|our|the)?\s*(?:[\p{Ll}-]+\s+){0,4}?(${PROPER})(?=\s*(?:,|\.|$|\(|–|—|-\s|:|;|\bin\b|\ba\b|\ban\b|\bwith\b|\bwhich\b|\bthat\b|\bbased\b|\bwho\b|\bnear\b|\bis\b))`,
  'u',
);
const LEADING = new RegExp(String.raw`^(${PROPER})\s*(?:[:,–—-]\s|\bis\b|\bneeds\b)`, 'u');
/** "my band The Midnight Sun", "law firm Weber & Söhne": a name of several words after what it is. */
const AFTER_NOUN = new RegExp(
  String.raw`(?<!\b(?:in|near|at|from|around|outside|like|with|and|or|to)\s)(?<=\p{Ll}{3,}\s)((?:The\s+)?[A-ZÀ-Þ][\p{L}\p{N}’'&.-]*(?:\s+(?:(?:&|and|of|the|de|da|do|la|le|y|und|van)\s+)*[A-ZÀ-Þ][\p{L}\p{N}’'&.-]*)+)`,
  'u',
);
/** "our wedding, Ana & Luis": two people, each by one or two words. */
const PERSON = String.raw`[A-ZÀ-Þ][\p{Ll}’'-]+(?:\s[A-ZÀ-Þ][\p{Ll}’'-]+)?`;
const COUPLE = new RegExp(
  String.raw`(?<!\b(?:in|near|at|from|between)\s)(?<![\p{L}’'-])(${PERSON})\s+(?:&|\+|and|e|y|und|et)\s+(${PERSON})`,
  'u',
);
const MARRYING = /\b(?:wedding|marry|marrying|married|marriage|engagement|casamento|boda|hochzeit|mariage)\b/i;
const STOP =
  /\s+(?:in|at|near|from|based|with|that|which|who|for|on|selling|offering|where|specialising|specializing|and\s+(?:it|we|make|use|add|include))\b.*$/i;
const NOT_NAMES =
  /^(?:a|an|the|i|we|my|our|make|build|create|design|please|website|site|landing|page|portfolio|blog|shop|store|saas|api|faq|cv|diy|html|css|astro|it|english|portuguese|spanish|german|french|italian|web|one-page|homepage|online|personal|simple|modern)$/i;

/** The name the person gave, if any: after "called", in quotes, or a proper noun it is "for". */
export function findName(prompt: string, place: string | undefined): string | undefined {
  const text = prompt.trim();
  const called = CALLED.exec(text)?.[1];
  const quotedAfter = called && QUOTED.exec(called);
  if (quotedAfter && quotedAfter.index < 3) return tidy(quotedAfter[1] ?? quotedAfter[2]!);
  if (called) {
    const name = properStart(called) ?? tidy(called.split(/[,.;:!?\n(]/)[0]!.replace(STOP, ''));
    if (name) return name;
  }
  const quoted = QUOTED.exec(text);
  if (quoted && !/\b(?:says?|saying|slogan|tagline|headline|button)\W*$/i.test(text.slice(0, quoted.index)))
    return tidy(quoted[1] ?? quoted[2]!);
  const couple = MARRYING.test(text) && !/\bwedding (?:plan|venue|photo|band|dj|dress|cater|cake|flor)/i.test(text) && COUPLE.exec(text);
  if (couple) return `${couple[1]} & ${couple[2]}`;
  for (const pattern of [FOR_PROPER, LEADING, AFTER_NOUN]) {
    const found = pattern.exec(text)?.[1];
    if (found && acceptable(found, place)) return tidy(found);
  }
  return undefined;
}

function properStart(text: string): string | undefined {
  const found = new RegExp(`^${PROPER}`, 'u').exec(text)?.[0];
  return found && found.length > 1 ? tidy(found) : undefined;
}

function acceptable(found: string, place: string | undefined): boolean {
  if (found.length < 2 || NOT_NAMES.test(found.replace(/^The\s+(?=\S)/, '').split(/\s+/)[0]!)) return false;
  return found.toLowerCase() !== place?.toLowerCase();
}

const tidy = (name: string) =>
  name
    .trim()
    .replace(/[.,;:!?]+$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 60);

/** For addresses: "Café São João" is "cafe-sao-joao". */
export function slugOf(name: string): string {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return (
    plain
      .replaceAll(/[’']/g, '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'site'
  );
}
