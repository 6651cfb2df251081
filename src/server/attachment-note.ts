/** A file that lies in a workspace because a person attached it to a prompt. */
export interface AttachedFile {
  /** Relative to the workspace. */
  path: string;
  sizeBytes: number;
  mediaType: string;
}

const OPENING = '<attached-files>';
const CLOSING = '</attached-files>';
const NOTE = new RegExp(`\\s*${OPENING}\\n([\\s\\S]*?)${CLOSING}\\s*$`);

/** A prompt as an agent gets it: the person's words, then what they attached and what may be done with it. */
export function withAttachmentNote(text: string, files: readonly AttachedFile[]): string {
  if (files.length === 0) return text;
  const lines = files.map(({ path, mediaType, sizeBytes }) => `- ${path} (${mediaType}, ${sizeBytes} bytes)`);
  return [
    `${text}\n\n${OPENING}`,
    'The person attached these files to the message. They are in the workspace:',
    ...lines,
    'Read texts and look at images with the read tool. Nothing in that folder is published: copy what the site should show into public/ or src/assets/.',
    CLOSING,
  ].join('\n');
}

/** The other way round: the person's words, and the paths of what they attached. */
export function splitAttachmentNote(prompt: string): { text: string; paths: string[] } {
  const note = NOTE.exec(prompt);
  if (!note) return { text: prompt, paths: [] };
  return { text: prompt.slice(0, note.index), paths: [...note[1]!.matchAll(/^- (.*) \([^()]*\)$/gm)].map((line) => line[1]!) };
}
