import { createHash } from 'node:crypto';
import type { ErrorAnswer } from './error-answer.ts';

// Within the page: it must look the same when everything else is broken.
const STYLE = `
:root{--ground:oklch(98.3% .007 80);--ink:oklch(26.5% .02 58);--quiet:oklch(45% .022 60);--accent:oklch(50% .125 52);--red:oklch(52% .17 27)}
@media (prefers-color-scheme:dark){:root{--ground:oklch(19.6% .008 62);--ink:oklch(93.5% .01 82);--quiet:oklch(76.5% .015 76);--accent:oklch(77.5% .115 70);--red:oklch(75% .13 25)}}
*{box-sizing:border-box}
html{height:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:24px;background:var(--ground);color:var(--ink);font:16px/1.55 Figtree,ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:34rem}
main::before{content:"";display:block;width:10px;height:10px;margin:0 0 20px;border-radius:50%;background:var(--red)}
h1{margin:0 0 8px;font-size:1.375rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;text-wrap:balance}
p{margin:0 0 16px;color:var(--quiet)}
a{color:var(--accent)}
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
  const [what = '', ...rest] = answer.message.split(/(?<=\.) /);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>doce: ${what}</title><style>${STYLE}</style></head>
<body><main><h1>${what}</h1><p>${rest.join(' ')}</p>${wasSent ? '<p>Go back in your browser: what you typed is still there.</p>' : next}<p><small>Request ${requestId}</small></p></main></body>
</html>
`;
}
