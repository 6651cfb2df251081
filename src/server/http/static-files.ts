import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';

export type StaticFiles = (req: IncomingMessage, res: ServerResponse, next: () => unknown) => void;

/**
 * Serves the built client files. Files under `/_astro/` carry a hash of their content in their name and are kept for a
 * year; others are asked for again each time. Whatever is not a file there goes to `next`.
 */
export function createStaticFiles(clientDir: string): StaticFiles {
  return (req, res, next) => {
    const path = req.url!.split('?')[0]!;
    if ((req.method !== 'GET' && req.method !== 'HEAD') || path === '/' || path.startsWith('/api/')) return void next();
    send(req, path, { root: clientDir, index: false, dotfiles: 'ignore', cacheControl: false, acceptRanges: false })
      .on('headers', (response: ServerResponse) => response.setHeader('Cache-Control', cacheRule(path)))
      .on('directory', () => next())
      .on('error', () => (res.headersSent ? res.destroy() : next()))
      .pipe(res);
  };
}

function cacheRule(path: string): string {
  if (path.endsWith('.html')) return 'no-store';
  return path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
