import type { Config } from '#server/config.ts';

export type HeaderList = readonly (readonly [name: string, value: string])[];

const PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * The headers of every answer of the app: pages, API, static files and errors.
 *
 * @param origin Origin of the request, already known to be well-formed.
 * @param dev True under Vite, whose client injects scripts and styles inline and keeps a WebSocket.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl' | 'sitesDomain'>, origin: string, dev: boolean): HeaderList {
  const { protocol, port, hostname } = new URL(config.publicUrl ?? origin);
  const previews = `${protocol}//*.preview.${config.sitesDomain}${port && `:${port}`}`;
  return [
    ['Content-Security-Policy', contentSecurityPolicy(previews, dev)],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', referrerPolicy(protocol, hostname)],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Permissions-Policy', PERMISSIONS],
    ...(protocol === 'https:' ? ([['Strict-Transport-Security', 'max-age=31536000']] as const) : []),
    ['Cache-Control', 'no-store'],
  ];
}

function contentSecurityPolicy(previews: string, dev: boolean): string {
  const inline = dev ? " 'unsafe-inline'" : '';
  return [
    "default-src 'none'",
    `script-src 'self'${inline}`,
    `style-src 'self'${inline}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dev ? ' ws: wss:' : ''}`,
    "form-action 'self'",
    `frame-src ${previews}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * `no-referrer` makes a browser send `Origin: null` with form posts. That is harmless where it also sends
 * `Sec-Fetch-Site`, which it does only to trustworthy origins (https, loopback). Elsewhere the CSRF guard needs the
 * Origin, and `same-origin` keeps it while still telling other sites nothing (Fetch §3.2 "append a request Origin header").
 */
function referrerPolicy(protocol: string, hostname: string): string {
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.');
  return protocol === 'https:' || loopback ? 'no-referrer' : 'same-origin';
}
