import { and, desc, eq, notInArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { projectAddresses } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { ProjectsContext } from './context.ts';
import { noteChange } from './deployment-rows.ts';
import { isReservedSlug, SLUG_LENGTH } from './naming.ts';
import { getOwnedProject } from './rows.ts';

/** How many earlier addresses of a project lead to it; beyond them the oldest is given up. */
export const KEPT_ADDRESSES = 20;

export const Slug = z
  .string()
  .trim()
  .toLowerCase()
  .max(SLUG_LENGTH, `An address has at most ${SLUG_LENGTH} characters.`)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'Use small letters, digits and hyphens; no hyphen at an end.')
  // `xn--…` is another script in disguise, and `<hash>--<slug>` an old version of a site (RFC 5891 §4.2.3.1).
  .refine((slug) => !slug.includes('--'), 'Use single hyphens.')
  .refine((slug) => !isReservedSlug(slug), 'That address is kept for something else. Choose another.');

/**
 * Gives a project another address. The one it had leads to the new one from then on, path and query kept, until it is
 * given up; pages that show the project are told.
 *
 * @throws AppError `slug_taken` when another project has that address, or had it and still redirects from it.
 */
export function changeSlug(context: ProjectsContext, tx: Tx, projectId: string, slug: string): void {
  const { slug: before } = tx.select({ slug: projects.slug }).from(projects).where(eq(projects.id, projectId)).get()!;
  if (slug === before) return;
  if (context.siteNames.isOfTheApp(slug)) refuse('doce itself is at that address. Choose another.');
  if (tx.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug)).get())
    refuse('Another project is at that address. Choose another.');
  const redirecting = findRedirect(tx, slug);
  if (redirecting && redirecting.projectId !== projectId) {
    refuse(`That address still leads to ${redirecting.name}, which had it before. Give it up in the settings there, or choose another.`);
  }
  tx.delete(projectAddresses).where(eq(projectAddresses.slug, slug)).run();
  tx.insert(projectAddresses).values({ slug: before, projectId, leftAtMs: context.clock.now() }).run();
  forgetOldest(tx, projectId);
  tx.update(projects).set({ slug }).where(eq(projects.id, projectId)).run();
  noteChange(context, tx, projectId);
  context.events.record(tx, 'project.moved', projectId, { projectId, slug });
}

/** Earlier slugs that lead to the project, the latest first. */
export function listEarlierSlugs(db: Db | Tx, projectId: string): string[] {
  return db
    .select({ slug: projectAddresses.slug })
    .from(projectAddresses)
    .where(eq(projectAddresses.projectId, projectId))
    .orderBy(desc(projectAddresses.leftAtMs))
    .all()
    .map(({ slug }) => slug);
}

/** @throws AppError `address_not_found`. */
export function giveUpAddress(context: ProjectsContext, ownerId: string, projectId: string, slug: string): void {
  const { id } = getOwnedProject(context.db, ownerId, projectId);
  const { changes } = context.db
    .delete(projectAddresses)
    .where(and(eq(projectAddresses.slug, slug), eq(projectAddresses.projectId, id)))
    .run();
  if (changes === 0) throw new AppError('address_not_found');
  context.siteNames.forget();
}

/** The slug of the owner's project that had this one before. */
export function findPresentSlug(context: ProjectsContext, ownerId: string, earlier: string): string | undefined {
  const found = findRedirect(context.db, earlier);
  try {
    return found && getOwnedProject(context.db, ownerId, found.projectId).slug;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function findRedirect(db: Db | Tx, slug: string): { projectId: string; name: string } | undefined {
  return db
    .select({ projectId: projects.id, name: projects.name })
    .from(projectAddresses)
    .innerJoin(projects, eq(projects.id, projectAddresses.projectId))
    .where(eq(projectAddresses.slug, slug))
    .get();
}

function forgetOldest(tx: Tx, projectId: string): void {
  const kept = listEarlierSlugs(tx, projectId).slice(0, KEPT_ADDRESSES);
  tx.delete(projectAddresses)
    .where(and(eq(projectAddresses.projectId, projectId), notInArray(projectAddresses.slug, kept)))
    .run();
}

function refuse(message: string): never {
  throw new AppError('slug_taken', { message, issues: [{ path: 'slug', message }] });
}
