/** Everything that answers without a session, by method and Astro route pattern. All else is denied. */
const publicRoutes: ReadonlySet<string> = new Set([
  'GET /login',
  'GET /setup',
  'POST /api/session',
  'POST /api/setup',
  'GET /api/health',
  // Asked by a reverse proxy before it gets a certificate; says nothing that opening the hostname would not.
  'GET /api/tls/ask',
  // Error pages: shown to whoever meets the error, and they show nothing else.
  'GET /404',
  'GET /500',
]);

/** @param routePattern Astro's pattern of the route that will answer, never the URL: encodings cannot disguise it. */
export function isPublicRoute(method: string, routePattern: string): boolean {
  const pattern = routePattern.length > 1 ? routePattern.replace(/\/$/, '') : routePattern;
  return publicRoutes.has(`${method === 'HEAD' ? 'GET' : method} ${pattern}`);
}

export const listPublicRoutes = (): string[] => [...publicRoutes];
