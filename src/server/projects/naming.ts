import { eq } from 'drizzle-orm';
import { customAlphabet } from 'nanoid';
import type { Db, Tx } from '#server/db/open.ts';
import { projectAddresses } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';

const NAME_LENGTH = 60;
export const SLUG_LENGTH = 40;
// Labels that mean something else in front of the sites domain.
const reservedSlugs = new Set(['preview', 'www', 'api', 'app', 'admin', 'doce', 'mail', 'localhost']);
export const isReservedSlug = (slug: string): boolean => reservedSlugs.has(slug);
const randomLabel = customAlphabet('abcdefghijkmnpqrstuvwxyz23456789', 6);

const opening =
  /^(?:(?:hi|hello|hey|please)[,\s]+)*(?:(?:can|could) you\s+)?(?:(?:please|make|build|create|design|write|generate|give|i want|i need|i'd like|we need)\s+)*(?:me|us)?\s*/i;
const wrapping =
  /^(?:an?|the|my|our)?\s*(?:(?:simple|modern|small|beautiful|nice|new|one-page|single-page|minimal|elegant)\s+)*(?:landing page|home ?page|web ?site|site|web ?page|page)\s+(?:for|about|of)\s+/i;
const article = /^(?:an?|the|my|our)\s+/i;
const called = /\b(?:called|named)\s+["“']?([^"”'.,;\n]{2,40})["”']?/i;

/** A name to start with, taken from the prompt: "a landing page for a coffee roastery in Lisbon" → "Coffee roastery in Lisbon". */
export function nameFromPrompt(prompt: string): string {
  const given = called.exec(prompt)?.[1]?.trim();
  if (given) return given;
  const firstLine = prompt.trim().split(/[\n.;]/, 1)[0] ?? '';
  const subject = firstLine.replace(opening, '').replace(wrapping, '').replace(article, '').trim() || firstLine.trim() || 'New site';
  const short = cutAtWord(subject, NAME_LENGTH);
  return short.charAt(0).toUpperCase() + short.slice(1);
}

function cutAtWord(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), length / 2)).replace(/[\s,–-]+$/, '');
}

/** A hostname label that no other project has or had before: letters, digits and hyphens, from the name where it has any. */
export function freeSlug(tx: Db | Tx, name: string): string {
  const base = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replaceAll(/^-+|-+$/g, '');
  const wanted = base === '' ? `site-${randomLabel()}` : base;
  const isTaken = (slug: string) =>
    isReservedSlug(slug) ||
    tx.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug)).get() !== undefined ||
    tx.select({ slug: projectAddresses.slug }).from(projectAddresses).where(eq(projectAddresses.slug, slug)).get() !== undefined;
  if (!isTaken(wanted)) return wanted;
  for (let suffix = 2; suffix <= 20; suffix++) {
    if (!isTaken(`${wanted}-${suffix}`)) return `${wanted}-${suffix}`;
  }
  return `${wanted}-${randomLabel()}`;
}
