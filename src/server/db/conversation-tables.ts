import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { oneOf } from './one-of.ts';
import { projects } from './schema.ts';

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
    /** JSON list of `Attachment` (`projects/attachments.ts`): what came with the prompt, never its bytes. Null when nothing did. */
    attachmentsJson: text('attachments_json'),
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

export type Turn = typeof turns.$inferSelect;
export type NewTurn = typeof turns.$inferInsert;
export type TurnPart = typeof turnParts.$inferSelect;
export type NewTurnPart = typeof turnParts.$inferInsert;
export type LlmCall = typeof llmCalls.$inferSelect;
export type NewLlmCall = typeof llmCalls.$inferInsert;
