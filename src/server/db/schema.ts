import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';

const oneOf = (column: AnySQLiteColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

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
    index('queue_jobs_runnable_idx').on(table.state, table.runAt, table.lockExpiresAt),
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

export const attemptOutcomes = ['succeeded', 'failed', 'retrying', 'retry_later', 'released', 'cancelled', 'timed_out', 'lost'] as const;

/** What each claim of a job came to; `outcome` is null while the attempt runs. A trigger deletes them with their job. */
export const queueJobAttempts = sqliteTable(
  'queue_job_attempts',
  {
    jobId: text('job_id').notNull(),
    /** Counts up within the job from 1, without a gap. */
    id: integer('id').notNull(),
    /** The job's `attempts` at the claim: a number comes again after `retry_later`, a release and an explicit retry. */
    attempt: integer('attempt').notNull(),
    /** The boot id of the host that ran it. */
    worker: text('worker').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
    outcome: text('outcome', { enum: attemptOutcomes }),
    error: text('error'),
    /** JSON array of {atMs, level, text}: the last 200 lines, scrubbed. */
    logJson: text('log_json'),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.id] }),
    check('queue_job_attempts_outcome_check', sql`${table.outcome} is null or ${oneOf(table.outcome, attemptOutcomes)}`),
  ],
);

/** How many jobs there are of each type and state, kept by triggers: exact at every commit, whoever writes. All may be 0. */
export const queueCounters = sqliteTable('queue_counters', {
  type: text('type').primaryKey(),
  queued: integer('queued').notNull().default(0),
  running: integer('running').notNull().default(0),
  succeeded: integer('succeeded').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  cancelled: integer('cancelled').notNull().default(0),
});

/** What the attempts of one type came to within one minute; kept 8 days. The buckets are in `queue/minutes.ts`. */
export const queueMinutes = sqliteTable(
  'queue_minutes',
  {
    minuteMs: integer('minute_ms').notNull(),
    type: text('type').notNull(),
    claimed: integer('claimed').notNull().default(0),
    succeeded: integer('succeeded').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    cancelled: integer('cancelled').notNull().default(0),
    retried: integer('retried').notNull().default(0),
    waitMsSum: integer('wait_ms_sum').notNull().default(0),
    runMsSum: integer('run_ms_sum').notNull().default(0),
    waitBuckets: text('wait_buckets').notNull(),
    runBuckets: text('run_buckets').notNull(),
  },
  (table) => [primaryKey({ columns: [table.minuteMs, table.type] })],
);

/** Recurring jobs, one row a schedule that this version knows or an earlier one knew. */
export const queueSchedules = sqliteTable('queue_schedules', {
  name: text('name').primaryKey(),
  cron: text('cron').notNull(),
  type: text('type').notNull(),
  nextRunAtMs: integer('next_run_at_ms').notNull(),
  lastEnqueuedAtMs: integer('last_enqueued_at_ms'),
  lastJobId: text('last_job_id'),
});

/** One row a boot that found jobs of a host that died, and what became of them. `lost` is counted, and is 0. */
export const queueRecoveries = sqliteTable('queue_recoveries', {
  id: integer('id').primaryKey(),
  atMs: integer('at_ms').notNull(),
  requeued: integer('requeued').notNull(),
  failed: integer('failed').notNull(),
  cancelled: integer('cancelled').notNull(),
  lost: integer('lost').notNull(),
});

/** Settings of the whole installation, one JSON value a key; keys and shapes are in `settings/instance-settings.ts`. */
export const instanceSettings = sqliteTable('instance_settings', {
  key: text('key').primaryKey(),
  valueJson: text('value_json').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

export const turnStates = ['queued', 'running', 'completed', 'failed', 'stopped', 'needs_attention'] as const;

/**
 * One prompt and the agent's answer. `agentMessageId` is chosen and stored before the prompt is sent, `promptSentAtMs`
 * right before: after a crash the id is looked up at the agent and the prompt is never sent a second time.
 */
export const turns = sqliteTable(
  'turns',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    state: text('state', { enum: turnStates }).notNull().default('queued'),
    text: text('text').notNull(),
    model: text('model').notNull(),
    agentSessionId: text('agent_session_id'),
    agentMessageId: text('agent_message_id'),
    promptSentAtMs: integer('prompt_sent_at_ms'),
    versionHash: text('version_hash'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    createdAtMs: integer('created_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    finishedAtMs: integer('finished_at_ms'),
  },
  (table) => [
    uniqueIndex('turns_project_position_unique').on(table.projectId, table.position),
    index('turns_live_idx')
      .on(table.projectId)
      .where(sql`state in ('queued', 'running')`),
    check('turns_state_check', oneOf(table.state, turnStates)),
  ],
);

export const turnPartKinds = ['text', 'reasoning', 'tool', 'notice'] as const;

/** A piece of an answer, in the order the agent produced it. `bodyJson` is a `TurnPartBody` (`projects/turn-parts.ts`). */
export const turnParts = sqliteTable(
  'turn_parts',
  {
    turnId: text('turn_id')
      .notNull()
      .references(() => turns.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    position: integer('position').notNull(),
    kind: text('kind', { enum: turnPartKinds }).notNull(),
    bodyJson: text('body_json').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.turnId, table.id] }), check('turn_parts_kind_check', oneOf(table.kind, turnPartKinds))],
);

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

/** One call of the LLM gateway to a model, with what it used and cost. */
export const llmCalls = sqliteTable(
  'llm_calls',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id').references(() => projects.id, { onDelete: 'set null' }),
    turnId: text('turn_id').references(() => turns.id, { onDelete: 'set null' }),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    /** `ok`, or the code of what went wrong. */
    outcome: text('outcome').notNull(),
    httpStatus: integer('http_status'),
    inputTokens: integer('input_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    /** Millionths of a US dollar. */
    costMicros: integer('cost_micros').notNull().default(0),
    startedAtMs: integer('started_at_ms').notNull(),
    durationMs: integer('duration_ms').notNull(),
  },
  (table) => [
    index('llm_calls_turn_idx').on(table.turnId),
    index('llm_calls_project_started_idx').on(table.projectId, table.startedAtMs),
    index('llm_calls_started_idx').on(table.startedAtMs),
  ],
);

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

export const importSources = ['zip', 'git'] as const;
export const siteKinds = ['astro', 'package'] as const;

/**
 * Where the files of an imported project come from, until and after they stand. A ZIP waits in `<data>/uploads` until then;
 * `kind` is null until the files were looked at: an Astro site, or any package with a `dev` script.
 */
export const projectImports = sqliteTable(
  'project_imports',
  {
    projectId: text('project_id')
      .primaryKey()
      .references(() => projects.id, { onDelete: 'cascade' }),
    source: text('source', { enum: importSources }).notNull(),
    /** The address of the repository, or the name of the uploaded file. */
    origin: text('origin').notNull(),
    kind: text('kind', { enum: siteKinds }),
    /** JSON array: what the importer left out, for people. */
    leftOutJson: text('left_out_json'),
    createdAtMs: integer('created_at_ms').notNull(),
    importedAtMs: integer('imported_at_ms'),
  },
  (table) => [
    check('project_imports_source_check', oneOf(table.source, importSources)),
    check('project_imports_kind_check', sql`${table.kind} is null or ${oneOf(table.kind, siteKinds)}`),
  ],
);

/** What changed, for open pages: replayed from here after a lost connection. Old rows are pruned. */
export const events = sqliteTable('events', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  kind: text('kind').notNull(),
  projectId: text('project_id'),
  dataJson: text('data_json').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
});

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
export type QueueJobAttempt = typeof queueJobAttempts.$inferSelect;
export type QueueMinute = typeof queueMinutes.$inferSelect;
export type QueueSchedule = typeof queueSchedules.$inferSelect;
export type QueueRecovery = typeof queueRecoveries.$inferSelect;
export type InstanceSetting = typeof instanceSettings.$inferSelect;
export type Turn = typeof turns.$inferSelect;
export type NewTurn = typeof turns.$inferInsert;
export type TurnPart = typeof turnParts.$inferSelect;
export type NewTurnPart = typeof turnParts.$inferInsert;
export type Version = typeof versions.$inferSelect;
export type NewVersion = typeof versions.$inferInsert;
export type LlmCall = typeof llmCalls.$inferSelect;
export type NewLlmCall = typeof llmCalls.$inferInsert;
export type Deployment = typeof deployments.$inferSelect;
export type NewDeployment = typeof deployments.$inferInsert;
export type ProjectHostname = typeof projectHostnames.$inferSelect;
export type ProjectVariable = typeof projectEnvironment.$inferSelect;
export type VersionPreview = typeof versionPreviews.$inferSelect;
export type ProjectImport = typeof projectImports.$inferSelect;
export type EventRow = typeof events.$inferSelect;
