import { and, asc, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { projectEnvironment } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { ProjectsContext } from './context.ts';
import { getOwnedProject } from './rows.ts';

export const MOST_VARIABLES = 100;
const LARGEST_VALUE_BYTES = 32 * 1024;
const LONGEST_NAME = 100;
const PUBLIC_PREFIX = 'PUBLIC_';

/** What doce sets for a build or a server itself, or what changes how programs are started. */
const reserved = new Set([
  'PATH',
  'HOME',
  'HOST',
  'PORT',
  'LANG',
  'CI',
  'NO_COLOR',
  'SHELL',
  'USER',
  'PWD',
  'TMPDIR',
  'IFS',
  'ENV',
  'BASH_ENV',
]);
const reservedPrefixes = ['DOCE_', 'NODE_', 'LD_', 'ASTRO_TELEMETRY', 'ASTRO_DISABLE'];

export const VariableName = z
  .string()
  .max(LONGEST_NAME, `A name has at most ${LONGEST_NAME} characters.`)
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'Use capital letters, digits and underscores, as in API_KEY; not a digit first.')
  .refine((name) => !reserved.has(name) && !reservedPrefixes.some((prefix) => name.startsWith(prefix)), {
    message: 'doce sets this one itself, or it changes how programs start. Choose another name.',
  });
export const SetVariable = z.object({
  value: z
    .string()
    .transform((value) => value.replaceAll('\r\n', '\n'))
    .pipe(
      z
        .string()
        .min(1, 'Type the value.')
        .refine((value) => Buffer.byteLength(value) <= LARGEST_VALUE_BYTES, 'A value has at most 32 KiB.')
        .refine((value) => !value.includes('\0'), 'A value cannot contain a NUL character.'),
    ),
});
export const AddVariable = SetVariable.extend({ name: VariableName });

/** A variable as pages and the API show it. Its value is never read back. */
export interface VariableView {
  name: string;
  /** Meant for visitors: Astro puts it into pages, and its value is no secret. */
  isPublic: boolean;
  /** False after the key file was lost: it has to be set again. */
  isReadable: boolean;
  setAt: string;
}

type EnvironmentContext = Pick<ProjectsContext, 'db' | 'settings'>;

/**
 * The variables of a project's production build and server process, and of nothing else: not its preview, not its agent.
 *
 * @throws AppError `environment_unreadable` when the key file that sealed one of them is gone.
 */
export function readEnvironment(context: EnvironmentContext, projectId: string): Record<string, string> {
  const entries = rowsOf(context.db, projectId).map(({ name, value }) => {
    const opened = context.settings.box.open(placeOf(projectId, name), value);
    if (opened.state === 'unreadable') throw new AppError('environment_unreadable');
    return [name, opened.secret] as const;
  });
  return Object.fromEntries(entries);
}

/** Those whose values nobody may see: in no log, and in nothing that is published. */
export function secretsIn(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isPublic(name)));
}

/** Those meant for visitors: what a page that is only looked at may be built with. */
export function publicIn(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isPublic(name)));
}

/** Each secret as it may stand in a page or a script, with the name of its variable. */
export function spellingsOf(secrets: Readonly<Record<string, string>>): Map<string, string> {
  const spellings = Object.entries(secrets).flatMap(([name, value]) => {
    const inHtml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const inScript = JSON.stringify(value).slice(1, -1);
    return [value, inHtml, inHtml.replaceAll('"', '&quot;'), inHtml.replaceAll('"', '&#34;'), inScript, encodeURIComponent(value)].map(
      (spelling) => [spelling, name] as const,
    );
  });
  return new Map(spellings);
}

/** By name. @throws AppError `project_not_found`. */
export function listVariables(context: EnvironmentContext, ownerId: string, projectId: string): VariableView[] {
  const project = getOwnedProject(context.db, ownerId, projectId);
  return rowsOf(context.db, project.id).map(({ name, value, setAtMs }) => ({
    name,
    isPublic: isPublic(name),
    isReadable: context.settings.box.open(placeOf(project.id, name), value).state === 'ok',
    setAt: new Date(setAtMs).toISOString(),
  }));
}

/**
 * Sets a variable, new or not. What is live keeps what it was built with.
 *
 * @throws AppError `project_not_found`, `too_many_variables`.
 */
export function setVariable(context: ProjectsContext, ownerId: string, projectId: string, name: string, value: string): void {
  const { id } = getOwnedProject(context.db, ownerId, projectId);
  // Not within the transaction: sealing may write the key file.
  const sealed = context.settings.box.seal(placeOf(id, name), value);
  context.db.transaction(
    (tx) => {
      getOwnedProject(tx, ownerId, id);
      const setAtMs = context.clock.now();
      tx.insert(projectEnvironment)
        .values({ projectId: id, name, value: sealed, setAtMs })
        .onConflictDoUpdate({ target: [projectEnvironment.projectId, projectEnvironment.name], set: { value: sealed, setAtMs } })
        .run();
      if (countOf(tx, id) > MOST_VARIABLES) throw new AppError('too_many_variables');
      noteEnvironmentChange(context, tx, id);
    },
    { behavior: 'immediate' },
  );
}

/** @throws AppError `project_not_found`, `variable_not_found`. */
export function removeVariable(context: ProjectsContext, ownerId: string, projectId: string, name: string): void {
  context.db.transaction(
    (tx) => {
      const { id } = getOwnedProject(tx, ownerId, projectId);
      const named = and(eq(projectEnvironment.projectId, id), eq(projectEnvironment.name, name));
      if (tx.delete(projectEnvironment).where(named).run().changes === 0) throw new AppError('variable_not_found');
      noteEnvironmentChange(context, tx, id);
    },
    { behavior: 'immediate' },
  );
}

function noteEnvironmentChange(context: ProjectsContext, tx: Tx, projectId: string): void {
  tx.update(projects).set({ environmentChangedAtMs: context.clock.now() }).where(eq(projects.id, projectId)).run();
  context.events.record(tx, 'project.changed', projectId);
  context.events.record(tx, 'deployment.changed', projectId);
}

const isPublic = (name: string) => name.startsWith(PUBLIC_PREFIX);
const placeOf = (projectId: string, name: string) => ({ table: 'project_environment', column: 'value', row: `${projectId}:${name}` });

function rowsOf(db: Db | Tx, projectId: string) {
  return db
    .select()
    .from(projectEnvironment)
    .where(eq(projectEnvironment.projectId, projectId))
    .orderBy(asc(projectEnvironment.name))
    .all();
}

function countOf(tx: Tx, projectId: string): number {
  const [row] = tx.select({ total: count() }).from(projectEnvironment).where(eq(projectEnvironment.projectId, projectId)).all();
  return row?.total ?? 0;
}
