const HIDDEN = '[hidden]';
const DEEPEST = 12;
const SECRET_NAMES = /key|token|secret|passw(or)?d|passphrase|authori[sz]ation|cookie|credential|bearer|private/i;

// By shape: provider keys, forges' tokens, AWS, Slack, JSON web tokens, PEM blocks, headers, and credentials inside an address.
const SECRET_SHAPES = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}/g,
  /\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{20,})/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bxox[abposr]-[A-Za-z0-9-]{10,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /(?<=\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g,
  /(?<=[?&](?:key|token|secret|password|api_?key|access_token|sig|signature)=)[^&\s#"']+/gi,
];

/**
 * A payload as it may be shown: every string under a name that tells of a secret, and every part of a string that looks like one,
 * is replaced by `[hidden]`. Everywhere a payload leaves the server goes through here.
 *
 * @param json `queue_jobs.payload_json`. Text that is not JSON comes back as text, redacted.
 */
export function redactPayload(json: string): unknown {
  try {
    return redactValue(JSON.parse(json));
  } catch {
    return redactText(json);
  }
}

/** Hides by name and by shape, at every depth; what lies deeper than twelve levels is not shown at all. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const shown: [string, unknown][] = Object.entries(value).map(([name, inner]) => [
    name,
    SECRET_NAMES.test(name) ? hide(inner) : redactValue(inner, depth + 1),
  ]);
  return Object.fromEntries(shown);
}

/** Hides what looks like a secret, wherever it stands in the text. */
export function redactText(text: string): string {
  let shown = text;
  for (const shape of SECRET_SHAPES) shown = shown.replace(shape, HIDDEN);
  return shown;
}

// Counts and flags under such a name (`maxTokens`, `hasKey`) are no secrets; all else is.
function hide(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : HIDDEN;
}
