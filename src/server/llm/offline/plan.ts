import type { SiteFile } from './site/site.ts';

/** What to do next about a request. The same conversation always gives the same plan. */
export type Plan =
  | { kind: 'say'; text: string }
  /** Look at these files first; those that were looked at already are left out. */
  | { kind: 'look'; paths: string[] }
  | { kind: 'change'; opening: string; files: SiteFile[]; removed: string[]; summary: string };

export const say = (text: string): Plan => ({ kind: 'say', text });
