import { randomBytes } from 'node:crypto';
import type { Clock } from '#server/clock.ts';

/** What a form without JavaScript left for the page it returns to. */
export interface Flash {
  /** Absent when there is nothing to say, only something to keep. */
  error?: { code: string; message: string; issues?: readonly { path: string; message: string }[] | undefined };
  /** What the person typed, by field name. Never passwords or tokens. */
  values: Readonly<Record<string, string>>;
}

export interface RequestFlash {
  /** Takes what was left for the page at `path` (without query). A second call finds nothing. */
  take(path: string): Flash | undefined;
  /** Leaves something for pages, by path; returns the `Set-Cookie` value to send along. */
  leave(byPath: Readonly<Record<string, Flash>>): string;
}

export interface Flashes {
  of(cookieHeader: string | undefined): RequestFlash;
}

const LIFE_MS = 30 * 60_000;
const MAX_BROWSERS = 64;
const MAX_PATHS = 4;
const MAX_VALUE_CHARACTERS = 32 * 1024;
const MAX_VALUES = 20;
const ID_SHAPE = /^[A-Za-z0-9_-]{22}$/;
const UNKEPT = /password|token|secret|key/i;

/**
 * Messages and typed text between a form post and the page that follows it. The cookie is only a random name: the text
 * stays here, bounded and for half an hour, so that a long prompt survives a login and nothing typed lies in a cookie jar.
 */
export function createFlashes({ clock, secure }: { clock: Clock; secure: boolean }): Flashes {
  const browsers = new Map<string, { leftAtMs: number; byPath: Map<string, Flash> }>();
  const cookieName = secure ? '__Host-doce_flash' : 'doce_flash';

  function idIn(cookieHeader: string | undefined): string | undefined {
    const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim());
    const id = pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
    return id !== undefined && ID_SHAPE.test(id) ? id : undefined;
  }

  function take(id: string | undefined, path: string): Flash | undefined {
    const browser = id === undefined ? undefined : browsers.get(id);
    if (!browser || clock.now() - browser.leftAtMs > LIFE_MS) return undefined;
    const flash = browser.byPath.get(path);
    browser.byPath.delete(path);
    return flash;
  }

  function leave(known: string | undefined, flashes: Readonly<Record<string, Flash>>): string {
    const id = known !== undefined && browsers.has(known) ? known : randomBytes(16).toString('base64url');
    const byPath = browsers.get(id)?.byPath ?? new Map<string, Flash>();
    for (const [path, flash] of Object.entries(flashes)) {
      byPath.delete(path);
      byPath.set(path, { ...flash, values: keptValues(flash.values) });
      dropOldest(byPath, MAX_PATHS);
    }
    browsers.delete(id);
    browsers.set(id, { leftAtMs: clock.now(), byPath });
    dropOldest(browsers, MAX_BROWSERS);
    return `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}; Max-Age=${LIFE_MS / 1000}`;
  }

  return {
    of(cookieHeader) {
      const id = idIn(cookieHeader);
      return { take: (path) => take(id, path), leave: (byPath) => leave(id, byPath) };
    },
  };
}

function keptValues(values: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(values).filter(([name]) => !UNKEPT.test(name));
  return Object.fromEntries(kept.slice(0, MAX_VALUES).map(([name, value]) => [name, value.slice(0, MAX_VALUE_CHARACTERS)]));
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size > most) map.delete(map.keys().next().value!);
}
