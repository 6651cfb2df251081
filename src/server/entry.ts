import { join } from 'node:path';
import { handler } from '@astrojs/node/server.js';
import { loadEnvironment, readConfig } from '#server/config.ts';
import { HOST_LOCK_EXIT_CODE, HostLockedError } from '#server/db/host-lock.ts';
import { MigrationError } from '#server/db/migrate.ts';
import { openHost, STOP_DEADLINE_MS } from '#server/host.ts';
import type { Host } from '#server/host.ts';
import { createHttpServer } from '#server/http/http-server.ts';
import type { AstroHandler, HttpServer } from '#server/http/http-server.ts';
import { installFolder } from '#server/install-folder.ts';

export { handler };

const HTTP_GRACE_MS = 3_000;
const LINGER_MS = 500;

/** Node's process: opens the host, listens, prints where, and stops in order on a signal. */
async function run(): Promise<void> {
  loadEnvironment();
  const config = readConfig(process.env);
  let port = config.port;
  const host = await openHost({ config, port: () => port, onSetupToken: (token) => printSetupLink(host.services.appOrigin(), token) });
  const { log, auth } = host.services;
  const server = createHttpServer({
    config,
    clock: host.services.clock,
    log,
    gateway: host.gateway,
    locals: () => ({ services: host.services }),
    handler: handler as AstroHandler,
    clientDir: join(installFolder(), 'dist', 'client'),
  });
  await host.start();
  port = await server.listen();
  const appOrigin = host.services.appOrigin();
  stopOnSignals(host, server);
  const setup = auth.needsSetup() ? ` · create your account at ${setupLink(appOrigin, auth.setupToken() ?? '')}` : '';
  process.stdout.write(`doce is ready at ${appOrigin}${setup}\n`);
}

function setupLink(appOrigin: string, token: string): string {
  return `${appOrigin}/setup?token=${token}`;
}

function printSetupLink(appOrigin: string, token: string): void {
  process.stdout.write(`The setup link has changed: ${setupLink(appOrigin, token)}\n`);
}

function stopOnSignals(host: Host, server: HttpServer): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    host.services.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    void server
      .stop(HTTP_GRACE_MS)
      .then(() => host.stop())
      .then(() => {
        // `process.exit` can wait for ever for a compiler thread (https://github.com/nodejs/node/issues/54918): only what lingers needs it.
        process.exitCode = 0;
        setTimeout(() => process.exit(0), LINGER_MS).unref();
      })
      .catch((error: unknown) => {
        host.services.log.error({ error }, 'the stop failed');
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

run().catch((error: unknown) => {
  const isExpected = error instanceof HostLockedError || error instanceof MigrationError;
  const isPortTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (isPortTaken) process.stderr.write('That port is taken by another program. Set PORT to another one and start again.\n');
  else process.stderr.write(`${isExpected || error instanceof Error ? ((error as Error).message ?? error) : String(error)}\n`);
  process.exit(error instanceof HostLockedError ? HOST_LOCK_EXIT_CODE : 1);
});
