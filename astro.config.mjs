import { fileURLToPath } from 'node:url';
import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

/**
 * The Node adapter with our own entry: the build then holds the pages, the routes and the host in one module graph, so
 * they share one database connection, and the worker runs before the first request. See docs/decisions/0005.
 */
function doce() {
  const adapter = node({ mode: 'middleware' });
  const setup = adapter.hooks['astro:config:done'];
  return {
    ...adapter,
    name: 'doce',
    hooks: {
      ...adapter.hooks,
      'astro:config:done': (options) =>
        setup?.({
          ...options,
          setAdapter: (definition) =>
            options.setAdapter({ ...definition, serverEntrypoint: fileURLToPath(new URL('./src/server/entry.ts', import.meta.url)) }),
        }),
      'astro:server:setup': async ({ server }) => {
        const { attachToDevServer } = await server.ssrLoadModule(fileURLToPath(new URL('./src/server/dev.ts', import.meta.url)));
        await attachToDevServer(server);
      },
    },
  };
}

export default defineConfig({
  output: 'server',
  adapter: doce(),
  devToolbar: { enabled: false },
  // doce keeps its own sessions in the database.
  session: false,
  // Our own guard replaces it: Astro's lets application/json through from any origin. See SECURITY.md.
  security: { checkOrigin: false },
  build: { inlineStylesheets: 'never' },
  server: { port: Number(process.env.PORT ?? 4321), host: process.env.HOST ?? '127.0.0.1' },
  // Bundled, because Node parses drizzle's large package.json again for each of its modules.
  vite: { build: { assetsInlineLimit: 0 }, ssr: { noExternal: ['drizzle-orm'] } },
});
