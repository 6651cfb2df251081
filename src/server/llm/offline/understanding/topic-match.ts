import { BLOG } from '../topics/blog.ts';
import { DESIGNER } from '../topics/designer.ts';
import { TOPICS } from '../topics/topics.ts';
import { GENERIC } from '../topics/generic.ts';
import type { Topic } from '../topics/topic.ts';

/** The topic whose words the prompt uses most; phrases count for more, and so do words that come early. */
export function matchTopic(prompt: string): Topic {
  const text = ` ${inEnglish(prompt.toLowerCase().replaceAll(WEDDING_TRADES, '')).replaceAll(/[^\p{L}\p{N}&+’-]+/gu, ' ')} `;
  const aside = ASIDE.exec(text)?.index ?? text.length;
  let best: { topic: Topic; score: number } = { topic: GENERIC, score: 0 };
  for (const topic of TOPICS) {
    const score = topic.words.reduce((sum, word) => sum + scoreOf(word, text, aside), 0);
    if (score > best.score) best = { topic, score };
  }
  if (best.score === 0 && ONES_OWN.test(text)) return WRITES.test(text) ? BLOG : DESIGNER;
  return best.topic;
}

/** A person's own site, no trade given. */
const ONES_OWN =
  / (?:(?:personal|my own) (?:web ?)?(?:site|page|homepage)|website about me|portf[oó]lios?|portafolio|cv|résumé|resume|freelancer?|about myself) /;
const WRITES = / (?:notes|essays|writing|writings|thoughts|journal|articles) /;

/** People who work at weddings are not the couple. */
const WEDDING_TRADES = /\bwedding (?=(?:planner|planning|venue|band|dj|singer|dress|caterer|catering|celebrant|officiant))/g;

/** From here on a prompt tells what somebody does or shows, no longer who they are: "a charity that plants trees". */
const ASIDE = / (?:that|which|who|where|about|with|including) /;
/** What follows an attribute and says what the whole is: a fashion photographer, a coffee podcast. */
const HEADS: ReadonlySet<string> = new Set([
  'photographer',
  'podcast',
  'blog',
  'app',
  'conference',
  'charity',
  'designer',
  'author',
  'novelist',
  'writer',
  'poet',
  'wedding',
]);

function scoreOf(word: string, text: string, aside: number): number {
  const at = [` ${word} `, ` ${word}s `, ` ${word}es `].map((form) => text.indexOf(form)).find((index) => index >= 0);
  if (at === undefined) return 0;
  const weight = word.split(' ').length * 2 + (HEADS.has(word) ? 1 : 0) + 1 / (1 + at / 20);
  return at >= aside ? weight / 2 : weight;
}

export const getTopic = (id: string): Topic => TOPICS.find((topic) => topic.id === id) ?? GENERIC;

/** What the commonest businesses are called in the languages that people try first. */
const NOUNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:padaria|pastelaria|panadería|panaderia|bäckerei|boulangerie|pâtisserie|panificio)(?!\p{L})/gu, 'bakery'],
  [/\b(?:restaurante|ristorante|gaststätte|tasca)(?!\p{L})/gu, 'restaurant'],
  [/\b(?:cafetería|cafeteria|torrefação|torrefacção|kaffeerösterei|rösterei|cafetaria)(?!\p{L})/gu, 'coffee roastery'],
  [/\b(?:fotógrafo|fotógrafa|fotograf|fotografin|photographe)(?!\p{L})/gu, 'photographer'],
  [/\b(?:advogado|advogada|advogados|abogado|abogados|rechtsanwalt|anwaltskanzlei|kanzlei|avocat)(?!\p{L})/gu, 'law firm'],
  [/\b(?:dentista|zahnarzt|zahnarztpraxis|dentiste|clínica)(?!\p{L})/gu, 'dentist'],
  [/\b(?:casamento|boda|hochzeit|mariage)(?!\p{L})/gu, 'wedding'],
  [/\b(?:livraria|librería|buchhandlung|buchladen|librairie)(?!\p{L})/gu, 'bookshop'],
  [/\b(?:cabeleireiro|barbearia|peluquería|friseur|friseursalon|coiffeur)(?!\p{L})/gu, 'hair salon'],
  [/\b(?:escola|escuela|schule|école)(?!\p{L})/gu, 'school'],
  [/\b(?:ginásio|gimnasio|fitnessstudio|salle de sport)(?!\p{L})/gu, 'gym'],
  [/\b(?:loja|tienda|\p{L}*laden|magasin)(?!\p{L})/gu, 'shop'],
  [/\b(?:floricultura|florista|floristería|blumenladen|fleuriste)(?!\p{L})/gu, 'florist'],
  [/\b(?:cerâmica|cerámica|keramik|céramique|töpferei)(?!\p{L})/gu, 'ceramics'],
];

const inEnglish = (text: string) => NOUNS.reduce((result, [word, english]) => result.replaceAll(word, english), text);
