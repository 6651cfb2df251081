import { TOPICS } from '../topics/topics.ts';
import { GENERIC } from '../topics/generic.ts';
import type { Topic } from '../topics/topic.ts';

/** The topic whose words the prompt uses most; phrases count for more, and so do words that come early. */
export function matchTopic(prompt: string): Topic {
  const text = ` ${prompt.toLowerCase().replaceAll(/[^\p{L}\p{N}&+-]+/gu, ' ')} `;
  let best: { topic: Topic; score: number } = { topic: GENERIC, score: 0 };
  for (const topic of TOPICS) {
    const score = topic.words.reduce((sum, word) => sum + scoreOf(word, text), 0);
    if (score > best.score) best = { topic, score };
  }
  return best.topic;
}

function scoreOf(word: string, text: string): number {
  const at = [` ${word} `, ` ${word}s `, ` ${word}es `].map((form) => text.indexOf(form)).find((index) => index >= 0);
  if (at === undefined) return 0;
  const phrase = word.split(' ').length;
  return phrase * 2 + 1 / (1 + at / 20);
}

export const getTopic = (id: string): Topic => TOPICS.find((topic) => topic.id === id) ?? GENERIC;
