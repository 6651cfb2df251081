import { describe, expect, test } from 'vitest';
import { toolBody } from '#server/agent/tool-part.ts';
import { WirePart } from '#server/agent/wire.ts';
import type { WireToolPart } from '#server/agent/wire.ts';

const context = { workspace: '/project/workspace', secrets: ['very-secret'] };

function row(tool: string, state: object) {
  const part = WirePart.parse({ id: 'p', messageID: 'm', sessionID: 's', type: 'tool', tool, callID: 'c', state });
  return toolBody(part as WireToolPart, context);
}
const done = (tool: string, input: object, metadata: object = {}, output = '') =>
  row(tool, { status: 'completed', input, output, metadata, title: '', time: {} });

describe('a tool row', () => {
  test.each([
    ['write', { filePath: '/project/workspace/a.md', content: '' }, 'Wrote a.md'],
    ['read', { filePath: '/project/workspace' }, 'Read the project folder'],
    ['list', { path: 'src' }, 'Looked at src'],
    ['bash', { command: 'pnpm build\nls' }, 'Ran pnpm build'],
    ['glob', { pattern: 'src/**' }, 'Searched for src/**'],
    ['webfetch', { url: 'https://example.com' }, 'Opened https://example.com'],
    ['websearch', { query: 'roast' }, 'Searched the web for roast'],
    ['todowrite', { todos: [] }, 'Updated the plan'],
    ['something-new', {}, 'Used something-new'],
    ['edit', {}, 'Edited a file'],
  ])('of %s says what was done', (tool, input, title) => {
    expect(done(tool, input)).toMatchObject({ state: 'done', title });
  });

  test('counts lines as git does', () => {
    const added = (content: string) => done('write', { filePath: 'a', content }, { exists: false }).added;
    expect(['', 'a', 'a\n', 'a\nb', '\n'].map(added)).toEqual([0, 1, 1, 2, 1]);
  });

  test('does not claim to know what an overwritten file held', () => {
    const body = done('write', { filePath: 'a', content: 'x\n' }, { exists: true });
    expect(body).toMatchObject({ added: 1 });
    expect(body).not.toHaveProperty('removed');
  });

  test('of a patch names the file, or counts the files', () => {
    const file = (name: string) => ({ filePath: `/project/workspace/${name}`, type: 'update', additions: 2, deletions: 1 });
    expect(done('apply_patch', { patchText: '' }, { files: [file('a')] })).toMatchObject({
      title: 'Edited a',
      file: 'a',
      added: 2,
      removed: 1,
    });
    const both = done('apply_patch', { patchText: '' }, { files: [file('a'), file('b')] });
    expect(both).toMatchObject({ title: 'Edited 2 files', added: 4, removed: 2 });
    expect(both).not.toHaveProperty('file');
  });

  test('of a failed command keeps the end of its output', () => {
    const output = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    const body = done('bash', { command: 'x' }, { exit: 1 }, output);
    expect(body).toMatchObject({ state: 'failed' });
    expect(body.detail).toMatch(/^line 28[^]*line 39$/);
  });

  test('shows no secret, no control character no colour and no folder of ours', () => {
    const body = done('bash', { command: 'echo very-secret' }, { exit: 0 }, 'sk-abcdefghijkl \u001b[31m/project/workspace/src very-secret');
    expect(body.title).toBe('Ran echo [redacted]');
    expect(body.detail).toBe('[redacted] src [redacted]');
  });

  test('of an aborted tool says so', () => {
    expect(row('bash', { status: 'error', input: { command: 'sleep 9' }, error: 'Tool execution aborted' })).toMatchObject({
      state: 'failed',
      detail: 'Stopped.',
    });
  });
});
