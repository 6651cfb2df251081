import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';

/** Serves the request's file; false when there is none and someone else must answer. */
export type StaticFiles = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/**
 * Serves the built client files. Files under `/_astro/` carry a hash of their content in their name and are kept for a
 * year; others are asked for again each time.
 */
export function createStaticFiles(clientDir: string): StaticFiles {
  return async (req, res) => {
    const path = req.url!.split('?')[0]!;
    if ((req.method !== 'GET' && req.method !== 'HEAD') || path === '/' || path.startsWith('/api/')) return false;
    return new Promise((resolve) => {
      send(req, path, { root: clientDir, index: false, dotfiles: 'ignore', cacheControl: false, acceptRanges: false })
        .on('headers', (response: ServerResponse) => response.setHeader('Cache-Control', cacheRule(path)))
        .on('directory', () => resolve(false))
        .on('error', () => {
          if (res.headersSent) res.destroy();
          resolve(res.headersSent);
        })
        .pipe(res);
      res.once('close', () => resolve(true));
    });
  };
}

function cacheRule(path: string): string {
  if (path.endsWith('.html')) return 'no-store';
  return path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
