import { expect, test } from 'vitest';
import type { ChatMessage } from '#server/llm/chat-completions.ts';
import { findLoop } from '#server/llm/loop-breaker.ts';

const user: ChatMessage = { role: 'user', content: 'Build it' };
let lastId = 0;

type Use = [tool: string, input: string, result: string];

function step(...uses: Use[]): ChatMessage[] {
  const calls = uses.map(([name, input, result]) => ({ id: `call${lastId++}`, name, input, result }));
  return [
    {
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ id, name, input }) => ({ id, type: 'function', function: { name, arguments: input } })),
    },
    ...calls.map(({ id, result }): ChatMessage => ({ role: 'tool', tool_call_id: id, content: result })),
  ];
}

const look: Use = ['read', '{"file":"a"}', 'contents'];
const edit = (n: number): Use => ['edit', `{"n":${n}}`, 'Edit applied.'];
const build = (line: number): Use => ['bash', `{"command":"build","try":${line}}`, `Error: unexpected token at line ${line}`];

test('the same call with the same result three steps in a row is a loop', () => {
  expect(findLoop([user, ...step(look), ...step(look)])).toBeUndefined();
  expect(findLoop([user, ...step(look), ...step(look), ...step(look)])).toBe('read');
  expect(findLoop([user, ...step(look), ...step(edit(1)), ...step(look), ...step(look)])).toBeUndefined();
});

test('the same error three times is a loop, whatever was edited in between', () => {
  const messages = [user, ...step(build(1)), ...step(edit(1)), ...step(build(2)), ...step(edit(2)), ...step(build(3))];
  expect(findLoop(messages)).toBe('bash');
});

test('a success of the tool in between starts the count again', () => {
  const fine: Use = ['bash', '{"command":"ls"}', 'index.astro'];
  expect(findLoop([user, ...step(build(1)), ...step(build(2)), ...step(fine), ...step(build(3))])).toBeUndefined();
});

test('different errors are progress', () => {
  const failing = (what: string): Use => ['bash', '{}', `Error: ${what}`];
  expect(findLoop([user, ...step(failing('a')), ...step(failing('b')), ...step(failing('c'))])).toBeUndefined();
});

test('many writes in one step, or with the same good result, are no loop', () => {
  const write = (file: string): Use => ['write', `{"file":"${file}"}`, 'Wrote file successfully.'];
  expect(findLoop([user, ...step(write('a'), write('b'), write('c'))])).toBeUndefined();
  expect(findLoop([user, ...step(write('a')), ...step(write('b')), ...step(write('c')), ...step(write('d'))])).toBeUndefined();
});

test('what happened before the user spoke is forgiven', () => {
  expect(findLoop([user, ...step(look), ...step(look), ...step(look), user])).toBeUndefined();
});

test('an error that the agent has left behind does not stop it', () => {
  expect(findLoop([user, ...step(build(1)), ...step(build(2)), ...step(build(3)), ...step(edit(1))])).toBeUndefined();
});
