import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { oneOf } from './one-of.ts';
import { projects } from './schema.ts';

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

export type ProjectImport = typeof projectImports.$inferSelect;
