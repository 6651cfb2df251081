import { createHash } from 'node:crypto';
import { barePageStyle, escapeHtml } from '#server/bare-page.ts';
import type { ErrorAnswer } from './error-answer.ts';

const STYLE = `${barePageStyle}
a{color:oklch(50% .125 52)}
@media (prefers-color-scheme:dark){a{color:oklch(77.5% .115 70)}}
small{font-size:.8125rem}
`;

/** Of the page, whose style is the only thing it may load. */
export const refusalPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** @param wasSent It answers a form: what was typed there was not read, and only the browser has it. */
export function refusalPage(answer: ErrorAnswer, requestId: string, wasSent = false): string {
  // Of a host that we are not, no address of ours is known.
  const next = answer.code === 'unknown_host' ? '' : '<p><a href="/">To your projects</a></p>';
  const [what = '', ...rest] = escapeHtml(answer.message).split(/(?<=\.) /);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>doce: ${what}</title><style>${STYLE}</style></head>
<body class="failed"><main><p class="mark" aria-hidden="true"></p><h1>${what}</h1>${rest.length > 0 ? `<p class="text">${rest.join(' ')}</p>` : ''}${wasSent ? '<p class="text">Go back in your browser: what you typed is still there.</p>' : next}<p class="text"><small>Request ${requestId}</small></p></main></body>
</html>
`;
}
