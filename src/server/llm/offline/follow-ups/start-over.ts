const AGAIN =
  /^\s*(?:please\s+)?(?:start (?:over|again|afresh|from scratch)|rebuild(?: (?:it|everything|the (?:whole )?site))?|begin again|new site|scrap (?:it|everything|this)|replace the (?:whole )?site)\b[\s:,.;–—-]*(?:with|as|and make|and build)?\s*/i;

/** The prompt of someone who asks for a new site in place of this one. */
export function freshPromptIn(request: string): string | undefined {
  const found = AGAIN.exec(request);
  if (!found) return undefined;
  const rest = request.slice(found[0].length).trim();
  return rest.length > 3 ? rest : undefined;
}

export const wantsToStartOver = (request: string): boolean => AGAIN.test(request);
