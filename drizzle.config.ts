import { defineConfig } from 'drizzle-kit';
import { loadEnvironment, readConfig } from './src/server/config.ts';

loadEnvironment();

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/server/db/schema.ts', './src/server/db/*-tables.ts'],
  out: './drizzle',
  dbCredentials: { url: readConfig(process.env).databaseFile },
});
