import { z } from 'zod';
import { eq } from 'drizzle-orm';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { changeSlug, findPresentSlug, giveUpAddress, listEarlierSlugs, Slug } from './address.ts';
import type { ProjectsContext } from './context.ts';
import { listVariables, removeVariable, setVariable } from './environment.ts';
import type { VariableView } from './environment.ts';
import type { DnsRecord, HostnameCheck } from './hostname-check.ts';
import { addHostname, listHostnames, removeHostname, setPrimaryHostname } from './hostnames.ts';
import type { HostnameView } from './hostnames.ts';
import type { ProjectFiles } from './files.ts';
import { getOwnedProject } from './rows.ts';
import { readSiteDetails, updateSiteDetails, writeSiteImage } from './site-details.ts';
import type { SiteDetails, SiteImage, UpdateSite } from './site-details.ts';

const ProjectName = z.string().trim().min(1, 'Give the project a name.').max(60, 'A name has at most 60 characters.');
export const UpdateProject = z
  .object({ name: ProjectName.optional(), slug: Slug.optional().describe('Its address; the one before leads to it.') })
  .refine(({ name, slug }) => name !== undefined || slug !== undefined, { path: ['name'], message: 'Give the project a name.' });
export type UpdateProject = z.infer<typeof UpdateProject>;

/** What a person sets about a project. All throw `project_not_found` for someone else's. */
export interface ProjectSettings {
  /** @throws AppError `slug_taken`. */
  update(ownerId: string, projectId: string, input: UpdateProject): void;
  /** Addresses that lead to the project since it left them, the latest first. */
  earlierSlugs(ownerId: string, projectId: string): string[];
  /** See {@link giveUpAddress}. */
  giveUpAddress(ownerId: string, projectId: string, slug: string): void;
  /** The slug of the owner's project that had this one before. */
  presentSlug(ownerId: string, earlier: string): string | undefined;
  hostnames(ownerId: string, projectId: string): HostnameView[];
  /** See {@link addHostname}. */
  addHostname(ownerId: string, projectId: string, hostname: string): HostnameView;
  /** See {@link setPrimaryHostname}. */
  setPrimaryHostname(ownerId: string, projectId: string, hostname: string | null): void;
  /** See {@link removeHostname}. */
  removeHostname(ownerId: string, projectId: string, hostname: string): void;
  /** Where one of the project's hostnames leads, and what should be entered for it. */
  checkHostname(ownerId: string, projectId: string, hostname: string): Promise<HostnameCheck & { records: DnsRecord[] }>;
  recordsFor(hostname: string): Promise<DnsRecord[]>;
  site(ownerId: string, projectId: string): Promise<SiteDetails>;
  /** See {@link updateSiteDetails}. */
  updateSite(ownerId: string, projectId: string, input: UpdateSite): Promise<void>;
  /** See {@link writeSiteImage}. */
  writeSiteImage(ownerId: string, projectId: string, image: SiteImage, bytes: Buffer): void;
  /** Names only: a value is never read back. */
  variables(ownerId: string, projectId: string): VariableView[];
  /** See {@link setVariable}. */
  setVariable(ownerId: string, projectId: string, name: string, value: string): VariableView;
  /** See {@link removeVariable}. */
  removeVariable(ownerId: string, projectId: string, name: string): void;
}

export function createProjectSettings(context: ProjectsContext, files: ProjectFiles): ProjectSettings {
  const { db, hostnameChecks } = context;
  const find = (ownerId: string, projectId: string, hostname: string) =>
    listHostnames(context, ownerId, projectId).find((entry) => entry.hostname === hostname);
  return {
    update: (ownerId, projectId, input) => updateProject(context, ownerId, projectId, input),
    earlierSlugs: (ownerId, projectId) => listEarlierSlugs(db, getOwnedProject(db, ownerId, projectId).id),
    giveUpAddress: (ownerId, projectId, slug) => giveUpAddress(context, ownerId, projectId, slug),
    presentSlug: (ownerId, earlier) => findPresentSlug(context, ownerId, earlier),
    hostnames: (ownerId, projectId) => listHostnames(context, ownerId, projectId),
    addHostname(ownerId, projectId, hostname) {
      addHostname(context, ownerId, projectId, hostname);
      return find(ownerId, projectId, hostname) as HostnameView;
    },
    setPrimaryHostname: (ownerId, projectId, hostname) => setPrimaryHostname(context, ownerId, projectId, hostname),
    removeHostname: (ownerId, projectId, hostname) => removeHostname(context, ownerId, projectId, hostname),
    async checkHostname(ownerId, projectId, hostname) {
      if (!find(ownerId, projectId, hostname)) throw new AppError('hostname_not_found');
      const [check, records] = await Promise.all([hostnameChecks.check(hostname), hostnameChecks.recordsFor(hostname)]);
      return { ...check, records };
    },
    recordsFor: hostnameChecks.recordsFor,
    site: (ownerId, projectId) => readSiteDetails(files, ownerId, projectId),
    updateSite: (ownerId, projectId, input) => updateSiteDetails(files, ownerId, projectId, input),
    writeSiteImage: (ownerId, projectId, image, bytes) => writeSiteImage(files, ownerId, projectId, image, bytes),
    variables: (ownerId, projectId) => listVariables(context, ownerId, projectId),
    setVariable(ownerId, projectId, name, value) {
      setVariable(context, ownerId, projectId, name, value);
      return listVariables(context, ownerId, projectId).find((variable) => variable.name === name) as VariableView;
    },
    removeVariable: (ownerId, projectId, name) => removeVariable(context, ownerId, projectId, name),
  };
}

function updateProject(context: ProjectsContext, ownerId: string, projectId: string, { name, slug }: UpdateProject): void {
  context.db.transaction(
    (tx) => {
      const { id } = getOwnedProject(tx, ownerId, projectId);
      if (slug !== undefined) changeSlug(context, tx, id, slug);
      if (name !== undefined) tx.update(projects).set({ name }).where(eq(projects.id, id)).run();
      context.events.record(tx, 'project.changed', id);
    },
    { behavior: 'immediate' },
  );
  context.siteNames.forget();
}
