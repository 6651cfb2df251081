import { isAbsolute, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { scrubText } from '#server/log.ts';
import type { TurnPartBody } from '#server/turn-parts.ts';
import type { WireToolPart } from './wire.ts';

type ToolBody = Extract<TurnPartBody, { kind: 'tool' }>;
type Phase = ToolBody['state'];

/** What the words on a tool's row need to know besides the part. */
export interface ToolContext {
  /** Absolute. */
  workspace: string;
  /** Text that must not be shown, such as this agent's own password. */
  secrets: readonly string[];
}

const DETAIL_LENGTH = 600;
const SUBJECT_LENGTH = 100;

const verbs: Record<string, Record<Phase, string>> = {
  write: { running: 'Writing', done: 'Wrote', failed: 'Could not write' },
  edit: { running: 'Editing', done: 'Edited', failed: 'Could not edit' },
  apply_patch: { running: 'Editing', done: 'Edited', failed: 'Could not edit' },
  read: { running: 'Reading', done: 'Read', failed: 'Could not read' },
  list: { running: 'Looking at', done: 'Looked at', failed: 'Could not look at' },
  bash: { running: 'Running', done: 'Ran', failed: 'Ran' },
  grep: { running: 'Searching for', done: 'Searched for', failed: 'Could not search for' },
  glob: { running: 'Searching for', done: 'Searched for', failed: 'Could not search for' },
  webfetch: { running: 'Opening', done: 'Opened', failed: 'Could not open' },
  websearch: { running: 'Searching the web for', done: 'Searched the web for', failed: 'Could not search the web for' },
};

/** One row about a tool call: what it did in the past tense, to which file, how many lines, and what went wrong. */
export function toolBody(part: WireToolPart, context: ToolContext): ToolBody {
  const state = phaseOf(part);
  const file = fileOf(part, context);
  const detail = detailOf(part, context);
  return {
    kind: 'tool',
    tool: part.tool,
    state,
    title: clean(titleOf(part, state, context), context, 2 * SUBJECT_LENGTH),
    ...(file === undefined ? {} : { file }),
    ...(state === 'done' ? linesOf(part) : {}),
    ...(detail ? { detail } : {}),
  };
}

function phaseOf({ tool, state }: WireToolPart): Phase {
  if (state.status === 'error' || tool === 'invalid') return 'failed';
  if (state.status !== 'completed') return 'running';
  return tool === 'bash' && typeof state.metadata.exit === 'number' && state.metadata.exit !== 0 ? 'failed' : 'done';
}

function titleOf(part: WireToolPart, phase: Phase, context: ToolContext): string {
  if (part.tool === 'invalid') return 'Tried a tool that is not available';
  if (part.tool === 'todowrite' || part.tool === 'todoread') return phase === 'running' ? 'Planning' : 'Updated the plan';
  const verb = verbs[part.tool]?.[phase];
  if (!verb) return phase === 'running' ? `Using ${part.tool}` : `Used ${part.tool}`;
  const subject = subjectOf(part, context);
  if (subject) return `${verb} ${subject}`;
  return part.tool === 'bash' ? `${verb} a command` : `${verb} a file`;
}

function subjectOf(part: WireToolPart, context: ToolContext): string {
  const { input } = part.state;
  const patched = patchedFiles(part);
  if (patched.length > 1) return `${patched.length} files`;
  const text = pathOf(part) ?? input.command ?? input.pattern ?? input.url ?? input.query;
  if (typeof text !== 'string') return '';
  const shown = pathOf(part) === undefined ? (text.trim().split('\n')[0] ?? '') : shownPath(text, context.workspace);
  return shown.length > SUBJECT_LENGTH ? `${shown.slice(0, SUBJECT_LENGTH)}…` : shown;
}

function pathOf(part: WireToolPart): string | undefined {
  const patched = patchedFiles(part);
  if (patched.length === 1) return patched[0]?.path;
  const path = part.state.input.filePath ?? (part.tool === 'list' ? part.state.input.path : undefined);
  return typeof path === 'string' ? path : undefined;
}

function fileOf(part: WireToolPart, { workspace }: ToolContext): string | undefined {
  const path = pathOf(part);
  if (path === undefined) return undefined;
  const inside = relative(workspace, resolve(workspace, path));
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : inside;
}

function shownPath(path: string, workspace: string): string {
  const inside = relative(workspace, resolve(workspace, path));
  if (inside === '') return 'the project folder';
  return inside.startsWith('..') ? path : inside;
}

function linesOf(part: WireToolPart): { added?: number; removed?: number } {
  if (part.state.status !== 'completed') return {};
  const { input, metadata } = part.state;
  const patched = patchedFiles(part);
  if (patched.length > 0) return { added: total(patched, 'added'), removed: total(patched, 'removed') };
  if (part.tool === 'write' && typeof input.content === 'string') {
    // What an overwritten file held is not told.
    return metadata.exists === false ? { added: countLines(input.content), removed: 0 } : { added: countLines(input.content) };
  }
  const diff = metadata.filediff as { additions?: unknown; deletions?: unknown } | undefined;
  if (typeof diff?.additions === 'number' && typeof diff.deletions === 'number') return { added: diff.additions, removed: diff.deletions };
  return {};
}

/** As git counts: a newline at the end opens no further line. */
function countLines(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

interface PatchedFile {
  path: string;
  added: number;
  removed: number;
}

function patchedFiles({ state }: WireToolPart): PatchedFile[] {
  if (state.status !== 'completed' || !Array.isArray(state.metadata.files)) return [];
  return state.metadata.files.flatMap((entry: Record<string, unknown> | null) => {
    const path = entry?.movePath ?? entry?.filePath;
    return typeof path === 'string' ? [{ path, added: Number(entry?.additions) || 0, removed: Number(entry?.deletions) || 0 }] : [];
  });
}

function total(files: readonly PatchedFile[], side: 'added' | 'removed'): number {
  return files.reduce((sum, file) => sum + file[side], 0);
}

function detailOf(part: WireToolPart, context: ToolContext): string {
  const { state } = part;
  if (state.status === 'error') return clean(errorText(state.error), context, DETAIL_LENGTH);
  if (state.status !== 'completed') return '';
  if (part.tool === 'invalid') return clean(String(state.input.error ?? ''), context, DETAIL_LENGTH);
  return part.tool === 'bash' ? clean(lastLines(state.output, 12), context, DETAIL_LENGTH) : '';
}

function errorText(error: string): string {
  if (/specified a rule which prevents/.test(error)) return 'Refused: the agent may only work inside the project.';
  if (/^(Tool execution aborted|The operation was aborted|Aborted)/i.test(error)) return 'Stopped.';
  return lastLines(error.split('\n').slice(0, 12).join('\n'), 12);
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function clean(text: string, { workspace, secrets }: ToolContext, length: number): string {
  const bare = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  const short = scrubText(stripVTControlCharacters(bare).replaceAll(`${workspace}/`, '').replaceAll(workspace, '.'));
  return short.length > length ? `…${short.slice(-length)}` : short;
}
