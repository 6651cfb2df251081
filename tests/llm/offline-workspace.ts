import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOfflineBuilder } from '#server/llm/offline/offline-builder.ts';
import type { ChatCompletionChunk, ChatCompletionRequest, ChatMessage } from '#server/llm/chat-completions.ts';

export const WORKSPACE = '/work/site';
const STARTER = join(import.meta.dirname, '../../templates/starter');
const SYSTEM = `You are an agent.\n<env>\n  Working directory: ${WORKSPACE}\n</env>`;
export const TOOLS: ChatCompletionRequest['tools'] = ['bash', 'edit', 'glob', 'grep', 'read', 'todowrite', 'write'].map((name) => ({
  type: 'function',
  function: { name },
}));

interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** An agent in memory: runs the builder's tool calls on a map of files and answers them in opencode's own words, until the builder stops. */
export function makeWorkspace() {
  const builder = createOfflineBuilder();
  const files = new Map(
    ['src/pages/index.astro', 'src/styles/global.css', 'src/layouts/Base.astro', 'AGENTS.md'].map((path) => [
      path,
      readFileSync(join(STARTER, path), 'utf8'),
    ]),
  );
  const messages: ChatMessage[] = [{ role: 'system', content: SYSTEM }];

  async function ask(text: string) {
    messages.push({ role: 'user', content: text });
    const said: string[] = [];
    const calls: Call[] = [];
    for (let rounds = 1; ; rounds++) {
      const answer = await collect(
        builder.stream({ model: 'doce/offline', messages, tools: TOOLS, stream: true }, new AbortController().signal),
      );
      if (answer.text) said.push(answer.text);
      messages.push({
        role: 'assistant',
        content: answer.text,
        ...(answer.calls.length > 0
          ? {
              tool_calls: answer.calls.map((call) => ({
                id: call.id,
                type: 'function',
                function: { name: call.name, arguments: call.arguments },
              })),
            }
          : {}),
      });
      if (answer.calls.length === 0 || rounds > 6) return { text: said.join('\n\n'), calls, rounds };
      for (const call of answer.calls) messages.push({ role: 'tool', tool_call_id: call.id, content: run(files, call) });
      calls.push(...answer.calls);
    }
  }

  return {
    files,
    messages,
    ask,
    read: (path: string) => files.get(path) ?? '',
    json: <T = Record<string, never>>(path: string) => JSON.parse(files.get(path) ?? 'null') as T,
    /** Everything there is, as one text. */
    snapshot: () =>
      [...files]
        .sort()
        .map(([path, text]) => `${path}\n${text}`)
        .join('\n'),
  };
}

export async function collect(chunks: AsyncIterable<ChatCompletionChunk>) {
  const calls: Call[] = [];
  let text = '';
  let finish: string | null | undefined;
  let count = 0;
  for await (const chunk of chunks) {
    count++;
    const choice = chunk.choices[0];
    if (!choice) continue;
    text += choice.delta.content ?? '';
    finish = choice.finish_reason ?? finish;
    for (const piece of choice.delta.tool_calls ?? []) {
      const call = (calls[piece.index] ??= { id: piece.id ?? '', name: piece.function?.name ?? '', arguments: '' });
      call.arguments += piece.function?.arguments ?? '';
    }
  }
  return { text, calls, finish, count };
}

function run(files: Map<string, string>, call: Call): string {
  const args = JSON.parse(call.arguments) as Record<string, string>;
  const path = (args.filePath ?? '').replace(`${WORKSPACE}/`, '');
  if (call.name === 'read') return readAs(files, path);
  if (call.name === 'glob')
    return (
      [...files.keys()]
        .filter((name) => /^src\/.*\.(astro|json)$/.test(name))
        .map((name) => `${WORKSPACE}/${name}`)
        .join('\n') || 'No files found'
    );
  if (call.name === 'write') {
    files.set(path, args.content!);
    return 'Wrote file successfully.';
  }
  if (call.name === 'bash') {
    for (const name of args.command!.replace(/^rm -f /, '').split(' ')) files.delete(name);
    return '(no output)';
  }
  return 'Unknown tool';
}

function readAs(files: Map<string, string>, path: string): string {
  const text = files.get(path);
  if (text === undefined) return `File not found: ${WORKSPACE}/${path}`;
  const lines = text.replace(/\n$/, '').split('\n');
  const numbered = lines.map((line, index) => `${index + 1}: ${line}`).join('\n');
  return `<path>${WORKSPACE}/${path}</path>\n<type>file</type>\n<content>\n${numbered}\n\n(End of file - total ${lines.length} lines)\n</content>`;
}
