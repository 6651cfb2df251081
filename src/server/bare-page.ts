/**
 * What pages share that the host writes without the app: within the page, since they must look the same when everything else is
 * broken. A dot (`.mark`), a heading and text in the middle of the window, by day and by night.
 */
export const barePageStyle = `
:root{--ground:oklch(98.3% .007 80);--ink:oklch(26.5% .02 58);--quiet:oklch(45% .022 60);--red:oklch(52% .17 27)}
@media (prefers-color-scheme:dark){:root{--ground:oklch(19.6% .008 62);--ink:oklch(93.5% .01 82);--quiet:oklch(76.5% .015 76);--red:oklch(75% .13 25)}}
*{box-sizing:border-box}
html{height:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:24px;background:var(--ground);color:var(--ink);font:16px/1.55 Figtree,ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:34rem}
.mark{width:10px;height:10px;margin:0 0 20px;border-radius:50%;background:var(--quiet)}
.failed .mark{background:var(--red)}
h1{margin:0 0 8px;font-size:1.375rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;text-wrap:balance}
p{margin:0 0 16px}
.text{color:var(--quiet)}
:focus-visible{outline:2px solid currentColor;outline-offset:2px}
`;

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
