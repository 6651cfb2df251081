import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { turns } from './conversation-tables.ts';
import { oneOf } from './one-of.ts';
import { projects } from './schema.ts';

export const versionKinds = ['start', 'turn', 'hand-edit', 'restore', 'import'] as const;

/**
 * A state of a project's files. The commit in `versions.git` is the truth; a row repeats what lists need and keeps what may
 * change: `name` and `bookmarked`. `position` counts up within a project.
 */
export const versions = sqliteTable(
  'versions',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    hash: text('hash').notNull(),
    position: integer('position').notNull(),
    kind: text('kind', { enum: versionKinds }).notNull(),
    title: text('title').notNull(),
    turnId: text('turn_id').references(() => turns.id, { onDelete: 'set null' }),
    name: text('name'),
    bookmarked: integer('bookmarked', { mode: 'boolean' }).notNull().default(false),
    /** Files and lines that differ from the version before. */
    files: integer('files').notNull(),
    added: integer('added').notNull(),
    removed: integer('removed').notNull(),
    /** What a restore did: a `RestoreDetail` (`projects/version-rows.ts`). */
    detailJson: text('detail_json'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.hash] }),
    uniqueIndex('versions_project_position_unique').on(table.projectId, table.position),
    index('versions_turn_idx').on(table.turnId),
    check('versions_kind_check', oneOf(table.kind, versionKinds)),
  ],
);

export const versionPreviewStates = ['queued', 'building', 'built', 'failed'] as const;

/**
 * A version built to be looked at. One that was cancelled has no row; one that was built holds a folder in the project's `releases`,
 * until others were looked at later.
 */
export const versionPreviews = sqliteTable(
  'version_previews',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    versionHash: text('version_hash').notNull(),
    state: text('state', { enum: versionPreviewStates }).notNull().default('queued'),
    /** Folder in the project's `releases`. */
    releaseHash: text('release_hash'),
    /** The job that is at it, for cancelling. */
    jobId: text('job_id'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    /** The last lines of a build that failed. */
    log: text('log'),
    requestedAtMs: integer('requested_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    finishedAtMs: integer('finished_at_ms'),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.versionHash] }),
    uniqueIndex('version_previews_one_in_progress_idx')
      .on(table.projectId)
      .where(sql`state in ('queued', 'building')`),
    check('version_previews_state_check', oneOf(table.state, versionPreviewStates)),
  ],
);

export type Version = typeof versions.$inferSelect;
export type NewVersion = typeof versions.$inferInsert;
export type VersionPreview = typeof versionPreviews.$inferSelect;
