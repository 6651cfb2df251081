import { eq } from 'drizzle-orm';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectImports } from '#server/db/import-tables.ts';
import type { ProjectImport } from '#server/db/import-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import type { ImportView } from './views.ts';

const Names = z.array(z.string());

export function findImport(db: Db | Tx, projectId: string): ProjectImport | undefined {
  return db.select().from(projectImports).where(eq(projectImports.projectId, projectId)).get();
}

/** Where uploads wait until their project's workspace stands. */
export const uploadsFolder = (dataDir: string): string => join(dataDir, 'uploads');
export const uploadFile = (dataDir: string, projectId: string): string => join(uploadsFolder(dataDir), `${projectId}.zip`);
export const hasUpload = (dataDir: string, projectId: string): boolean => existsSync(uploadFile(dataDir, projectId));

export function viewImport(db: Db, projectId: string): ImportView | null {
  const row = findImport(db, projectId);
  if (!row) return null;
  const { source, origin, kind } = row;
  return { source, origin, kind, leftOut: row.leftOutJson ? Names.parse(JSON.parse(row.leftOutJson)) : [] };
}
