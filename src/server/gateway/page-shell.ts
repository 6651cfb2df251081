import { randomBytes } from 'node:crypto';
import { barePageStyle, escapeHtml } from '#server/bare-page.ts';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { framePolicy } from './headers.ts';

/** A page that the gateway itself shows on a site's hostname. Everything in it is plain text unless it ends in `Html`. */
export interface GatewayPage {
  status: number;
  title: string;
  /** One or two sentences. */
  text: string;
  tone: 'waiting' | 'failed' | 'calm';
  extraHtml?: string;
  /** Runs once, inline, allowed by a nonce. */
  script?: string;
  /** Without JavaScript the page reloads itself after this long. */
  refreshSeconds?: number;
  retryAfterSeconds?: number;
}

/** Sends the page; a HEAD request gets its headers. */
export function sendPage(req: PlainRequest, res: PlainAnswer, page: GatewayPage, frameAncestors: readonly string[]): void {
  const nonce = randomBytes(16).toString('base64');
  const html = renderPage(page, nonce);
  const headers: Record<string, string | number> = {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; ${framePolicy(frameAncestors)}`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  };
  if (page.retryAfterSeconds !== undefined) headers['retry-after'] = page.retryAfterSeconds;
  res.writeHead(page.status, headers);
  res.end(req.method === 'HEAD' ? undefined : html);
}

function renderPage(page: GatewayPage, nonce: string): string {
  const refresh = page.refreshSeconds ? `<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}"></noscript>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)}</title>${refresh}
<style nonce="${nonce}">${STYLE}</style>
</head>
<body class="${page.tone}">
${page.tone === 'waiting' ? '<div class="line" aria-hidden="true"></div>' : ''}
<main>
<p class="mark" aria-hidden="true"></p>
<h1${page.tone === 'waiting' ? ' role="status"' : ''}>${escapeHtml(page.title)}</h1>
<p class="text">${escapeHtml(page.text)}</p>
${page.extraHtml ?? ''}
</main>
${page.script ? `<script nonce="${nonce}">${page.script}</script>` : ''}
</body>
</html>
`;
}

const STYLE = `${barePageStyle}
:root{--edge:oklch(90.5% .013 76);--card:oklch(99.8% .002 85);--accent:oklch(55.5% .125 52);--on-accent:oklch(99.5% .005 85)}
@media (prefers-color-scheme:dark){:root{--edge:oklch(31% .012 64);--card:oklch(23.2% .01 62);--accent:oklch(77.5% .115 70);--on-accent:oklch(21% .03 58)}}
.waiting .mark{background:var(--accent)}
.elapsed{color:var(--quiet);font-size:.875rem;font-variant-numeric:tabular-nums}
pre{margin:0 0 16px;padding:12px 14px;border:1px solid var(--edge);border-radius:10px;background:var(--card);font:.8125rem/1.5 "JetBrains Mono",ui-monospace,SFMono-Regular,Menlo,monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:50vh;overflow:auto}
details{margin:0 0 20px}
summary{min-height:40px;padding:8px 0;color:var(--quiet);font-size:.875rem;cursor:pointer}
button{min-height:40px;padding:0 18px;border:0;border-radius:10px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
button:disabled{opacity:.6;cursor:default}
:focus-visible{outline-color:var(--accent)}
.line{position:fixed;inset:0 0 auto;height:2px;overflow:hidden;background:var(--edge)}
.line::after{content:"";position:absolute;inset:0;width:40%;background:var(--accent);animation:pass 1.4s ease-in-out infinite}
@keyframes pass{from{transform:translateX(-100%)}to{transform:translateX(250%)}}
@media (prefers-reduced-motion:reduce){.line::after{animation:none;width:100%;opacity:.5}}
`;
