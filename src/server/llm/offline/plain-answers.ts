import { textOfMessage } from '../chat-completions.ts';
import type { ChatCompletionRequest } from '../chat-completions.ts';
import { readBrief } from './understanding/brief.ts';
import { readConversation } from './conversation.ts';

/** Requests that bring no tools: a title for the conversation, a summary of it, or a question. */
export function answerWithoutTools(request: ChatCompletionRequest): string {
  const instructions = request.messages
    .filter((message) => message.role === 'system' || message.role === 'developer')
    .map(textOfMessage)
    .join('\n')
    .toLowerCase();
  const { request: asked, earlier } = readConversation(request);
  if (/\btitle\b/.test(instructions) || /\btitle\b/.test(asked.toLowerCase().slice(0, 200))) return titleOf(earlier[0] ?? asked);
  if (/summar/.test(instructions) || /summar/.test(asked.toLowerCase().slice(0, 200))) return summaryOf([...earlier, asked]);
  return 'This is doce’s offline builder: rules, not an AI. It builds and changes sites; it cannot answer questions.';
}

function titleOf(prompt: string): string {
  const text = prompt.replace(/^.*?title[^\n]*\n+/is, '').trim() || prompt;
  const brief = readBrief(text);
  const noun = brief.topic.id === 'generic' ? brief.subject : brief.topic.noun;
  return brief.named
    ? `${brief.name}, ${noun}`
    : `${noun.charAt(0).toUpperCase()}${noun.slice(1)}${brief.place ? ` in ${brief.place}` : ''}`;
}

function summaryOf(requests: readonly string[]): string {
  const asked = requests.filter((text) => !/summar/i.test(text)).map((text) => `- ${text.split('\n')[0]!.slice(0, 160)}`);
  return `So far the person asked for:\n${asked.join('\n')}\n\nThe site’s present state is in its files: src/content, src/components, src/pages, src/styles/global.css.`;
}
