import { and, asc, eq } from 'drizzle-orm';
import { domainToASCII, domainToUnicode } from 'node:url';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { projectHostnames } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { ProjectsContext } from './context.ts';
import { noteChange } from './deployment-rows.ts';
import { getOwnedProject } from './rows.ts';

export const MOST_HOSTNAMES = 20;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A hostname as people write it, or as the address of a page of it, in its ASCII form; undefined when it is none. */
export function normaliseHostname(typed: string): string | undefined {
  const text = typed.trim().toLowerCase();
  const name = text.includes('://') ? (URL.parse(text)?.hostname ?? '') : text.replace(/\/$/, '').replace(/\.$/, '');
  // It would take `a/b` for `a`, and numbers for an address.
  if (!text.includes('://') && /[\s/:@?#%\\*]/.test(name)) return undefined;
  const ascii = domainToASCII(name);
  const labels = ascii.split('.');
  if (ascii.length > 253 || labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  return /^\d+$/.test(labels.at(-1)!) ? undefined : ascii;
}

export const Hostname = z.string().transform((typed, issues) => {
  const hostname = normaliseHostname(typed);
  if (hostname !== undefined) return hostname;
  issues.addIssue({ code: 'custom', message: 'Type a hostname, such as www.example.com.' });
  return z.NEVER;
});
export const AddHostname = z.object({ hostname: Hostname });
export const SetHostname = z.object({
  isPrimary: z.union([z.boolean(), z.stringbool()]).optional().describe('Whether the others lead to this one.'),
});

/** A hostname of another domain as pages and the API show it. */
export interface HostnameView {
  /** In its ASCII form. */
  hostname: string;
  /** As people write it. */
  shown: string;
  isPrimary: boolean;
  url: string;
}

/** In the order they were added. */
export function listHostnames(context: ProjectsContext, ownerId: string, projectId: string): HostnameView[] {
  const { id } = getOwnedProject(context.db, ownerId, projectId);
  return context.db
    .select()
    .from(projectHostnames)
    .where(eq(projectHostnames.projectId, id))
    .orderBy(asc(projectHostnames.createdAtMs), asc(projectHostnames.hostname))
    .all()
    .map(({ hostname, isPrimary }) => ({
      hostname,
      shown: domainToUnicode(hostname),
      isPrimary,
      url: context.siteNames.originOf(hostname),
    }));
}

/**
 * Shows the published site under a hostname of another domain, once its DNS leads here. Adding one again is no error.
 *
 * @throws AppError `hostname_taken`, `too_many_hostnames`.
 */
export function addHostname(context: ProjectsContext, ownerId: string, projectId: string, hostname: string): void {
  if (context.siteNames.isOurs(hostname)) {
    refuse('That hostname belongs to doce itself. Names of the sites there are chosen under Address.');
  }
  change(context, ownerId, projectId, (tx, id) => {
    const taken = findHostname(tx, hostname);
    if (taken && taken.projectId !== id) refuse('Another project is shown at that hostname. Remove it there first.');
    if (taken) return;
    tx.insert(projectHostnames).values({ hostname, projectId: id, createdAtMs: context.clock.now() }).run();
    const all = tx.select().from(projectHostnames).where(eq(projectHostnames.projectId, id)).all();
    if (all.length > MOST_HOSTNAMES) throw new AppError('too_many_hostnames');
  });
}

/** Makes one hostname the primary, to which all others and the address on this host lead; null: none does. @throws AppError `hostname_not_found`. */
export function setPrimaryHostname(context: ProjectsContext, ownerId: string, projectId: string, hostname: string | null): void {
  change(context, ownerId, projectId, (tx, id) => {
    if (hostname !== null && findHostname(tx, hostname)?.projectId !== id) throw new AppError('hostname_not_found');
    const ofProject = eq(projectHostnames.projectId, id);
    tx.update(projectHostnames).set({ isPrimary: false }).where(ofProject).run();
    if (hostname === null) return;
    const chosen = and(ofProject, eq(projectHostnames.hostname, hostname));
    tx.update(projectHostnames).set({ isPrimary: true }).where(chosen).run();
  });
}

/** @throws AppError `hostname_not_found`. */
export function removeHostname(context: ProjectsContext, ownerId: string, projectId: string, hostname: string): void {
  change(context, ownerId, projectId, (tx, id) => {
    const ofProject = and(eq(projectHostnames.hostname, hostname), eq(projectHostnames.projectId, id));
    if (tx.delete(projectHostnames).where(ofProject).run().changes === 0) throw new AppError('hostname_not_found');
  });
}

function change(context: ProjectsContext, ownerId: string, projectId: string, work: (tx: Tx, projectId: string) => void): void {
  context.db.transaction(
    (tx) => {
      const { id } = getOwnedProject(tx, ownerId, projectId);
      work(tx, id);
      noteChange(context, tx, id);
    },
    { behavior: 'immediate' },
  );
  context.siteNames.forget();
}

/** Of projects that are being deleted as well: the name is free once their rows are gone. */
function findHostname(db: Db | Tx, hostname: string): { projectId: string } | undefined {
  return db
    .select({ projectId: projects.id })
    .from(projectHostnames)
    .innerJoin(projects, eq(projects.id, projectHostnames.projectId))
    .where(eq(projectHostnames.hostname, hostname))
    .get();
}

function refuse(message: string): never {
  throw new AppError('hostname_taken', { message, issues: [{ path: 'hostname', message }] });
}
