import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { oneOf } from './one-of.ts';

// The six tables of the design: their names and columns are promised. Those that doce adds are in the `*-tables.ts` beside it, by noun.

/** The admin. One row after setup. */
export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
  username: text('username').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
});

/** A login. `tokenHash` is the SHA-256 of the cookie's value, so a copy of the database opens no door. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: text('token_hash').notNull().unique(),
    createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp' }).notNull(),
  },
  (table) => [index('sessions_user_id_idx').on(table.userId), index('sessions_expires_at_idx').on(table.expiresAt)],
);

/** Per-user settings. `openrouterApiKey` holds an encrypted envelope (`enc:…`), never the key. */
export const userSettings = sqliteTable('user_settings', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  openrouterApiKey: text('openrouter_api_key'),
  defaultModel: text('default_model'),
  updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull(),
});

export const projectStatuses = ['created', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting'] as const;
export const packagesStates = ['current', 'installing', 'failed'] as const;
export const productionStatuses = ['queued', 'building', 'running', 'failed', 'stopped'] as const;

/** A site and everything that runs for it. Legal changes of `status` are in `projects/status.ts`. */
export const projects = sqliteTable(
  'projects',
  {
    id: text('id').primaryKey(),
    ownerUserId: text('owner_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
    deletedAt: integer('deleted_at', { mode: 'timestamp' }),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    prompt: text('prompt').notNull(),
    model: text('model'),
    devPort: integer('dev_port').notNull(),
    opencodePort: integer('opencode_port').notNull(),
    status: text('status', { enum: projectStatuses }).notNull().default('created'),
    pathOnDisk: text('path_on_disk').notNull(),
    initialPromptSent: integer('initial_prompt_sent', { mode: 'boolean' }).notNull().default(false),
    initialPromptCompleted: integer('initial_prompt_completed', { mode: 'boolean' }).notNull().default(false),
    bootstrapSessionId: text('bootstrap_session_id'),
    userPromptMessageId: text('user_prompt_message_id'),
    userPromptCompleted: integer('user_prompt_completed', { mode: 'boolean' }).notNull().default(false),
    currentModelProviderID: text('current_model_provider_id'),
    currentModelID: text('current_model_id'),
    productionPort: integer('production_port'),
    productionUrl: text('production_url'),
    productionStatus: text('production_status', { enum: productionStatuses }).default('stopped'),
    productionStartedAt: integer('production_started_at', { mode: 'timestamp' }),
    productionError: text('production_error'),
    productionHash: text('production_hash'),
    /** Folder in `templates/` that the workspace was copied from. */
    template: text('template').notNull().default('starter'),
    /** Why `status` is `error`: a code from `projects/status.ts`, and the log lines that show it. */
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    /** When the workspace was first complete, and when the preview first answered with the page. */
    preparedAtMs: integer('prepared_at_ms'),
    previewedAtMs: integer('previewed_at_ms'),
    /** Whether the installed packages are those that package.json and its lockfile name, and why not: a code from `projects/status.ts`. */
    packagesState: text('packages_state', { enum: packagesStates }).notNull().default('current'),
    packagesErrorCode: text('packages_error_code'),
    packagesErrorDetail: text('packages_error_detail'),
    /** When a variable was last set or removed: what was built before does not know of it. */
    environmentChangedAtMs: integer('environment_changed_at_ms'),
  },
  (table) => [
    uniqueIndex('projects_slug_unique').on(table.slug),
    index('projects_owner_user_id_idx').on(table.ownerUserId, table.createdAt),
    check('projects_status_check', oneOf(table.status, projectStatuses)),
    check('projects_production_status_check', oneOf(table.productionStatus, productionStatuses)),
  ],
);

export const queueJobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** Durable work. The state diagram and the rules are in `queue/`. */
export const queueJobs = sqliteTable(
  'queue_jobs',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    state: text('state', { enum: queueJobStates }).notNull().default('queued'),
    projectId: text('project_id'),
    payloadJson: text('payload_json').notNull(),
    priority: integer('priority').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(3),
    runAt: integer('run_at', { mode: 'timestamp' }).notNull(),
    lockedAt: integer('locked_at', { mode: 'timestamp' }),
    lockExpiresAt: integer('lock_expires_at', { mode: 'timestamp' }),
    lockedBy: text('locked_by'),
    dedupeKey: text('dedupe_key'),
    dedupeActive: text('dedupe_active'),
    cancelRequestedAt: integer('cancel_requested_at', { mode: 'timestamp' }),
    cancelledAt: integer('cancelled_at', { mode: 'timestamp' }),
    lastError: text('last_error'),
    createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
    updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull(),
  },
  (table) => [
    index('queue_jobs_project_id_idx').on(table.projectId),
    // Descending, so that what has succeeded ends where what runs begins, and that where the head of the queue is: one page (docs/decisions/0033).
    index('queue_jobs_runnable_idx').on(sql`${table.state} desc`, table.runAt, table.lockExpiresAt),
    uniqueIndex('queue_jobs_dedupe_idx').on(table.dedupeKey, table.dedupeActive),
    index('queue_jobs_ready_idx')
      .on(sql`${table.priority} desc`, table.runAt)
      .where(sql`state = 'queued'`),
    index('queue_jobs_type_idx').on(table.type),
    check('queue_jobs_state_check', oneOf(table.state, queueJobStates)),
  ],
);

/** One row, id = 1. Both settings act at once. */
export const queueSettings = sqliteTable(
  'queue_settings',
  {
    id: integer('id').primaryKey(),
    paused: integer('paused', { mode: 'boolean' }).notNull().default(false),
    concurrency: integer('concurrency').notNull().default(2),
    updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull(),
  },
  (table) => [check('queue_settings_one_row_check', sql`${table.id} = 1`)],
);

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
export type Session = typeof sessions.$inferSelect;
export type NewSession = typeof sessions.$inferInsert;
export type UserSettings = typeof userSettings.$inferSelect;
export type NewUserSettings = typeof userSettings.$inferInsert;
export type Project = typeof projects.$inferSelect;
export type NewProject = typeof projects.$inferInsert;
export type QueueJob = typeof queueJobs.$inferSelect;
export type NewQueueJob = typeof queueJobs.$inferInsert;
export type QueueSettings = typeof queueSettings.$inferSelect;
export type NewQueueSettings = typeof queueSettings.$inferInsert;
