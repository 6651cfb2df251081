import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/;
/** A request may carry more than one cookie of our name; only this many are looked up. */
const MAX_CANDIDATES = 3;

/** The session's cookie: how it is named, written and read. */
export interface SessionCookie {
  readonly name: string;
  /** A `Set-Cookie` value. The server decides when a session ends; the browser keeps the cookie for the longest possible life. */
  write(token: string, maxAgeSeconds: number): string;
  clear(): string;
  /** Session tokens in a `Cookie` header. Several when another host set a cookie of the same name. */
  read(cookieHeader: string | null | undefined): string[];
}

/**
 * @param secure True when browsers reach doce over https: the cookie then gets `Secure` and the `__Host-` prefix, which
 *   no sibling host can set (RFC 6265bis §4.1.3.2).
 */
export function createSessionCookie(secure: boolean): SessionCookie {
  const name = secure ? '__Host-doce_session' : 'doce_session';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    name,
    write: (token, maxAgeSeconds) => `${name}=${token}; ${attributes}; Max-Age=${maxAgeSeconds}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
    read: (cookieHeader) =>
      (cookieHeader ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
        .map((pair) => pair.slice(name.length + 1))
        .filter((token) => TOKEN_SHAPE.test(token))
        .slice(0, MAX_CANDIDATES),
  };
}

export const newSessionToken = () => randomBytes(TOKEN_BYTES).toString('base64url');
export const hashSessionToken = (token: string) => createHash('sha256').update(token).digest('hex');
