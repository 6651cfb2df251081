import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Settings of the whole installation, one JSON value a key; keys and shapes are in `settings/instance-settings.ts`. */
export const instanceSettings = sqliteTable('instance_settings', {
  key: text('key').primaryKey(),
  valueJson: text('value_json').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

/** What changed, for open pages: replayed from here after a lost connection. Old rows are pruned. */
export const events = sqliteTable('events', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  kind: text('kind').notNull(),
  projectId: text('project_id'),
  dataJson: text('data_json').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
});

export type InstanceSetting = typeof instanceSettings.$inferSelect;
export type EventRow = typeof events.$inferSelect;
