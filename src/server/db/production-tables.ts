import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { oneOf } from './one-of.ts';
import { projects } from './schema.ts';

export const deploymentStates = ['queued', 'building', 'checking', 'running', 'superseded', 'failed', 'stopped'] as const;

/**
 * One publication of a project, from the request to the end of its life. `running` is the live one. What went live once
 * (`liveAtMs`) can go live again while `releaseKept`; one that never did and is `stopped` was cancelled.
 */
export const deployments = sqliteTable(
  'deployments',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    state: text('state', { enum: deploymentStates }).notNull().default('queued'),
    /** The version that was built; null when it was the workspace as it stood. */
    versionHash: text('version_hash'),
    /** Folder in the project's `releases`. */
    releaseHash: text('release_hash'),
    releaseKept: integer('release_kept', { mode: 'boolean' }).notNull().default(false),
    /** The build came out equal to what was live. */
    unchanged: integer('unchanged', { mode: 'boolean' }).notNull().default(false),
    pageCount: integer('page_count'),
    sizeBytes: integer('size_bytes'),
    /** The job that is at it, for cancelling. */
    jobId: text('job_id'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    /** The last lines of the build. */
    log: text('log'),
    createdAtMs: integer('created_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    finishedAtMs: integer('finished_at_ms'),
    /** When it last went live. */
    liveAtMs: integer('live_at_ms'),
  },
  (table) => [
    index('deployments_project_idx').on(table.projectId, table.createdAtMs),
    uniqueIndex('deployments_one_in_progress_idx')
      .on(table.projectId)
      .where(sql`state in ('queued', 'building', 'checking')`),
    uniqueIndex('deployments_one_running_idx')
      .on(table.projectId)
      .where(sql`state = 'running'`),
    check('deployments_state_check', oneOf(table.state, deploymentStates)),
  ],
);

/** Slugs that a project had before; their addresses lead to the present one until another project takes them. */
export const projectAddresses = sqliteTable(
  'project_addresses',
  {
    slug: text('slug').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    leftAtMs: integer('left_at_ms').notNull(),
  },
  (table) => [index('project_addresses_project_idx').on(table.projectId)],
);

/** Hostnames of other domains that show a project's published site. At most one a project is where the others lead. */
export const projectHostnames = sqliteTable(
  'project_hostnames',
  {
    /** Lower case, in its ASCII form. */
    hostname: text('hostname').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    isPrimary: integer('is_primary', { mode: 'boolean' }).notNull().default(false),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('project_hostnames_project_idx').on(table.projectId),
    uniqueIndex('project_hostnames_one_primary_idx')
      .on(table.projectId)
      .where(sql`is_primary = 1`),
  ],
);

/** Environment variables of a project's builds and of its server. `value` holds an encrypted envelope (`enc:…`). */
export const projectEnvironment = sqliteTable(
  'project_environment',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    value: text('value').notNull(),
    setAtMs: integer('set_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.name] })],
);

export type Deployment = typeof deployments.$inferSelect;
export type NewDeployment = typeof deployments.$inferInsert;
export type ProjectHostname = typeof projectHostnames.$inferSelect;
export type ProjectVariable = typeof projectEnvironment.$inferSelect;
