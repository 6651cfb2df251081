import type { Topic } from '../topics/topic.ts';

const ABOUT = /\b(?:about|for|on|dedicated to|devoted to|featuring|showcasing|selling|of)\s+(?:my|our|the|a|an|some)?\s*([^,.;:!?"“”()]+)/i;
const CUT =
  /\b(?:in|at|near|called|named|with|that|which|who|based|from|using|where|and\s+(?:a|an|the|make|use|add|include)|for\s+(?:people|everyone))\b.*$/i;
/** "for Leo" says whom it is for, not what it is. */
const PROPER_ONLY = /^\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}+)*$/u;
/** "wedding planner Bloom & Bow" is a wedding planner. */
const TRAILING_NAME = /(?<=\p{Ll}{3,}\s)\p{Lu}\p{Ll}+(?:\s(?:&\s)?\p{Lu}\p{Ll}+)+\s*$/u;
const NOISE =
  /^(?:(?:a|an|the|my|our|please|simple|small|modern|nice|beautiful|personal|little|website|web|site|page|landing|one-page|homepage|project|business|company|make|build|create|design|me|i|need|want|would|like)\s+)+/i;

/** What it is about, in the person's own words: at most five of them. */
export function subjectOf(prompt: string, topic: Topic): string {
  if (topic.id !== 'generic') return topic.noun;
  const about = ABOUT.exec(prompt);
  const opening = prompt.split(/[.,;:!?\n]/)[0]!;
  const named = about && /^for\b/i.test(about[0]) && PROPER_ONLY.test(about[1]!.replace(CUT, '').trim());
  const phrase = named && about.index > 0 ? prompt.slice(0, about.index) : (about?.[1] ?? opening);
  const words = phrase
    .replace(CUT, '')
    .replace(NOISE, '')
    .replace(TRAILING_NAME, '')
    .replace(/\b(?:web)?(?:site|page)s?$/i, '')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 5);
  const subject = dropCollective(words)
    .map((word) => (/^[A-ZÀ-Þ][\p{Ll}’'-]+$/u.test(word) && word.length > 1 ? word : word.toLowerCase()))
    .join(' ');
  return subject.replaceAll(/[<>{}]/g, '') || 'good ideas';
}

/** "collection of vintage typewriters" is about typewriters. */
function dropCollective(words: readonly string[]): readonly string[] {
  const of = words.findIndex((word) => word.toLowerCase() === 'of');
  return of > 0 && of < 3 && words.length > of + 1 && /^(?:collection|history|love|world|art|club|group|society)$/i.test(words[of - 1]!)
    ? words.slice(of + 1)
    : words;
}
