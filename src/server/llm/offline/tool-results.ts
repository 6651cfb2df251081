/** What a read gave: the text, or why there is none to work with. */
export type ReadResult = { state: 'text'; text: string } | { state: 'missing' } | { state: 'cut' };

const BODY = /<content>\n([\s\S]*?)\n?<\/content>/;
const FOOTER = /\n*\((?:End of file[^\n]*|File has more lines[^\n]*|Output (?:truncated|capped)[^\n]*|Showing lines[^\n]*)\)\s*$/;

/** Reads the agent's answer to a `read` call: numbered lines between tags. A file shown only in part is not text to build on. */
export function parseRead(output: string): ReadResult {
  const body = BODY.exec(output)?.[1];
  if (body === undefined) return { state: 'missing' };
  const footer = FOOTER.exec(body)?.[0] ?? '';
  if (/more lines|truncated|capped|Showing lines/.test(footer)) return { state: 'cut' };
  const lines = body.slice(0, body.length - footer.length).split('\n');
  if (lines.some((line) => /\.\.\. \(line truncated/.test(line))) return { state: 'cut' };
  const text = lines.map((line) => line.replace(/^\s*\d+[:|] ?/, '')).join('\n');
  return { state: 'text', text: text.endsWith('\n') || text === '' ? text : `${text}\n` };
}

/** Paths relative to the workspace from the agent's answer to a `glob` call. */
export function parseGlob(output: string, workspace: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\.[a-z0-9]+$/i.test(line) && !line.includes(' '))
    .map((line) => (workspace && line.startsWith(`${workspace}/`) ? line.slice(workspace.length + 1) : line));
}

/** Whether the agent's answer to a write, edit or command reports a failure. */
export const isFailure = (output: string): boolean =>
  /^(?:error|failed|file not found|the user rejected|permission|cannot|could not|you must)/i.test(output.trim());
