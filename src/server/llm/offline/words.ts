/** Said once, with the first answer of a conversation. */
export const INTRODUCTION = 'This is doce’s offline builder: rules, not an AI.';

/** Said when something came with the request. */
export const ATTACHED =
  'What you attached is in the folder `attachments/`, as it is: this builder cannot look at files, so choose a real model to have them used.';

export const EXAMPLES = [
  'change “…” to “…” (any text on the page)',
  'add pricing and a gallery, or move the FAQ up',
  'make it green, use serif headings, or switch to dark mode',
] as const;

/** What it says when a request is beyond it. */
export function beyondMe(request: string): string {
  const short = request.length > 90 ? `${request.slice(0, 88).trimEnd()}…` : request;
  return [
    `I can’t do this one: “${short}”. Nothing was changed.`,
    `I follow rules. These I understand:\n${EXAMPLES.map((example) => `- ${example}`).join('\n')}`,
    'For anything freer, add a provider key in Settings and choose a model: it takes over this same site.',
  ].join('\n\n');
}

export function reportFailures(failed: readonly { path: string; detail: string }[]): string {
  const lines = failed.map(({ path, detail }) => `- \`${path}\`: ${detail.split('\n')[0]?.slice(0, 200)}`);
  return `Not everything could be written:\n\n${lines.join('\n')}\n\nThe rest is in place. Ask again to retry, or undo this version to go back.`;
}

export function listOf(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
