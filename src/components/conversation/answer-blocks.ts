import type { TurnPartBody } from '#server/turn-parts.ts';
import { counted } from '../format.ts';

type Part = TurnPartBody & { id: string };
export type ToolPart = Extract<Part, { kind: 'tool' }>;

/** What a turn shows between the person's words and its footer, in order. */
export type AnswerBlock = { kind: 'tools'; id: string; tools: ToolPart[] } | { kind: 'part'; part: Exclude<Part, { kind: 'tool' }> };

/** Joins neighbouring tool calls into one block and leaves out texts that are finished and empty. */
export function answerBlocks(parts: readonly Part[]): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  for (const part of parts) {
    const last = blocks.at(-1);
    if (part.kind === 'tool') {
      if (last?.kind === 'tools') last.tools.push(part);
      else blocks.push({ kind: 'tools', id: part.id, tools: [part] });
    } else if (part.kind === 'notice' || part.text.trim() !== '' || !part.complete) {
      blocks.push({ kind: 'part', part });
    }
  }
  return blocks;
}

/** "Wrote 4 files, read 2, ran 1 command · 1 failed". */
export function toolSummary(tools: readonly ToolPart[]): string {
  const kinds = { wrote: new Set<string>(), read: new Set<string>(), other: 0 };
  for (const tool of tools) {
    if (isWriting(tool)) kinds.wrote.add(tool.file ?? tool.id);
    else if (tool.tool === 'read' && tool.file) kinds.read.add(tool.file);
    else kinds.other += 1;
  }
  const said = [
    kinds.wrote.size > 0 && `wrote ${counted(kinds.wrote.size, 'file')}`,
    kinds.read.size > 0 && `read ${counted(kinds.read.size, 'file')}`,
    kinds.other > 0 && `${counted(kinds.other, kinds.wrote.size + kinds.read.size > 0 ? 'other step' : 'step')}`,
  ].filter((words) => words !== false);
  const sentence = said.join(', ');
  const failed = tools.filter((tool) => tool.state === 'failed').length;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + (failed > 0 ? ` · ${failed} failed` : '');
}

export function isWriting(tool: ToolPart): boolean {
  return tool.added !== undefined || tool.removed !== undefined || ['write', 'edit', 'patch', 'multiedit'].includes(tool.tool);
}

/** Files and lines that an answer changed. */
export function changesOf(parts: readonly Part[]): { files: number; added: number; removed: number } {
  const files = new Set<string>();
  let added = 0;
  let removed = 0;
  for (const part of parts) {
    if (part.kind !== 'tool' || part.state !== 'done' || !isWriting(part)) continue;
    files.add(part.file ?? part.id);
    added += part.added ?? 0;
    removed += part.removed ?? 0;
  }
  return { files: files.size, added, removed };
}
