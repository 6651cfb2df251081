import { expect, test } from 'vitest';
import { answerBlocks, changesOf, toolSummary } from '../../src/components/conversation/answer-blocks.ts';
import type { ToolPart } from '../../src/components/conversation/answer-blocks.ts';
import { makeParts, makeTool } from '../support/views.ts';

const asTools = (...tools: ReturnType<typeof makeTool>[]) => makeParts(...tools) as ToolPart[];

test('neighbouring tool calls are one block; text between them parts it', () => {
  const blocks = answerBlocks(makeParts(makeTool(), makeTool(), { kind: 'text', text: 'So.', complete: true }, makeTool()));
  expect(blocks.map((block) => (block.kind === 'tools' ? block.tools.length : block.part.kind))).toEqual([2, 'text', 1]);
});

test('a finished text without words is left out; one that is about to begin is not', () => {
  const blocks = answerBlocks(makeParts({ kind: 'text', text: ' \n', complete: true }, { kind: 'text', text: '', complete: false }));
  expect(blocks).toHaveLength(1);
});

test('a block keeps its name while it grows, so that a fold stays open', () => {
  const parts = makeParts(makeTool(), makeTool());
  expect(answerBlocks(parts.slice(0, 1))[0]).toMatchObject({ id: 'part-1' });
  expect(answerBlocks(parts)[0]).toMatchObject({ id: 'part-1' });
});

test('the summary counts files, not calls', () => {
  const read = makeTool({ tool: 'read', title: 'Read a', file: 'a', added: undefined });
  const run = makeTool({ tool: 'bash', title: 'Ran the build', file: undefined, added: undefined, state: 'failed' });
  expect(toolSummary(asTools(makeTool(), makeTool({ tool: 'edit' }), makeTool({ file: 'b' })))).toBe('Wrote 2 files');
  expect(toolSummary(asTools(makeTool(), read, run))).toBe('Wrote 1 file, read 1 file, 1 other step · 1 failed');
  expect(toolSummary(asTools(run, { ...run, state: 'done' }))).toBe('2 steps · 1 failed');
});

test('changes add up what was really written', () => {
  const parts = makeParts(
    makeTool({ added: 10 }),
    makeTool({ tool: 'edit', added: 3, removed: 5 }),
    makeTool({ file: 'b', added: 7, state: 'failed' }),
    makeTool({ tool: 'read', file: 'c', added: undefined }),
  );
  expect(changesOf(parts)).toEqual({ files: 1, added: 13, removed: 5 });
});
