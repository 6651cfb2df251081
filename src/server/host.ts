import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createAgentHost } from '#server/agent/agent-host.ts';
import { createAuth } from '#server/auth/auth.ts';
import { systemClock } from '#server/clock.ts';
import type { Config } from '#server/config.ts';
import { startCheckpoints } from '#server/db/checkpoints.ts';
import { acquireHostLock } from '#server/db/host-lock.ts';
import { migrateDatabase } from '#server/db/migrate.ts';
import { createEvents } from '#server/events/events.ts';
import { createGateway } from '#server/gateway/gateway.ts';
import type { Gateway } from '#server/gateway/gateway.ts';
import { createSitePorts } from '#server/gateway/site-ports.ts';
import { createRequestRate } from '#server/http/request-rate.ts';
import { createImporter } from '#server/import/importer.ts';
import { installFolder } from '#server/install-folder.ts';
import { createJobDefinitions } from '#server/jobs/definitions.ts';
import { createRecurringJobs } from '#server/jobs/recurring.ts';
import { createLlmGateway } from '#server/llm/llm-gateway.ts';
import { createOfflineBuilder } from '#server/llm/offline/offline-builder.ts';
import { createLog } from '#server/log.ts';
import { createActivity, startIdleSweep } from '#server/projects/idle.ts';
import { createHostnameChecks, resolveHostname } from '#server/projects/hostname-check.ts';
import { createProductionParts } from '#server/projects/production.ts';
import { createProjects } from '#server/projects/projects.ts';
import { createSiteNames } from '#server/projects/site-names.ts';
import { siteOrigins } from '#server/projects/site-origins.ts';
import { createSpare } from '#server/projects/spare.ts';
import { createMonitor } from '#server/queue/monitor/monitor.ts';
import { createQueue } from '#server/queue/queue.ts';
import type { Queue } from '#server/queue/queue.ts';
import { createReleases } from '#server/releases/releases.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { Services } from '#server/services.ts';
import { createSettings } from '#server/settings/settings.ts';
import { createVersions } from '#server/versions/versions.ts';

/** Longest orderly stop; what has not ended by then is cut. */
export const STOP_DEADLINE_MS = 15_000;
const QUEUE_GRACE_MS = 5_000;

export interface Host {
  services: Services;
  gateway: Gateway;
  /** Begins to work: recovers what an earlier host left, starts the queue. Call before listening. */
  start(): Promise<void>;
  /** Stops everything in the reverse order. The server in front must have stopped accepting. */
  stop(): Promise<void>;
}

export interface HostOptions {
  config: Config;
  /** The port that browsers reach; the previews' addresses carry it. Asked once something listens. */
  port(): number;
  /** Told the setup token that replaces one which ran out. */
  onSetupToken(token: string): void;
}

/**
 * Opens everything in order: host lock, database, migrations, then the engines and the domains on top of them. Nothing runs
 * until `start`.
 *
 * @throws HostLockedError, MigrationError: their messages are for the console.
 */
export async function openHost({ config, port, onSetupToken }: HostOptions): Promise<Host> {
  const clock = systemClock;
  const log = createLog(config.logLevel);
  const root = installFolder();
  const lock = acquireHostLock(config.dataDir);
  const { db, sqlite } = await import('#server/db/client.ts');
  const migrated = migrateDatabase(sqlite, { migrationsFolder: join(root, 'drizzle'), backupFolder: join(config.dataDir, 'backups') });
  if (migrated.applied > 0) log.info(migrated, 'database brought up to date');
  const checkpoints = startCheckpoints(sqlite, log);

  const { dataDir } = config;
  const origins = siteOrigins(config, port);
  const events = createEvents({ db, clock, log });
  const auth = createAuth({
    db,
    clock,
    log,
    secureCookies: config.publicUrl?.startsWith('https:') ?? false,
    setupToken: config.setupToken,
    onSetupToken,
  });
  const settings = createSettings({ db, clock, log, dataDir, llmBaseUrlFromEnv: config.llmBaseUrl, idleMinutes: config.idleMs / 60_000 });
  const llm = createLlmGateway({
    db,
    clock,
    log,
    resolveProvider: settings.resolveProvider,
    limits: settings.limits,
    offline: createOfflineBuilder(),
    onProviderWorked: settings.markProviderWorked,
  });
  const runtime = createRuntime({
    dataDir,
    storeDir: config.storeDir,
    templatesDir: join(root, 'templates'),
    log,
    clock,
    sandbox: config.sandbox,
  });
  const agent = createAgentHost({ spawnChild: runtime.spawnChild, log, clock, llmBaseUrl: llm.baseUrl });
  const recurring = createRecurringJobs(
    () => queue,
    config.keepJobs,
    () => projects,
  );
  const definitions = [...createJobDefinitions(() => projects), ...recurring.definitions];
  const queue: Queue = createQueue({
    db,
    sqlite,
    clock,
    log,
    bootId: randomUUID(),
    definitions,
    schedules: recurring.schedules,
    onChange(change) {
      monitor.note(change.jobId);
      projects.jobChanged(change);
    },
    onLog: (line) => events.announce('job.log', null, { ...line }),
    onLull: checkpoints.lull,
  });
  const monitor = createMonitor({
    db,
    sqlite,
    clock,
    log,
    queue,
    definitionOf: (type) => definitions.find((definition) => definition.type === type),
    announce: (changed) => events.announce('queue.changed', null, { ...changed }),
  });
  const spare = createSpare({
    db,
    clock,
    log,
    dataDir,
    runtime,
    previewOrigin: origins.preview,
    isWanted: config.spare === 'on',
    availableBytes: () => process.availableMemory(),
  });
  const ports = createSitePorts({
    host: config.host,
    range: config.sitesPorts,
    handleRequest: (req, res, match) => void gateway.handleRequest(req, res, match),
    handleUpgrade: (req, socket, head, match) => void gateway.handleUpgrade(req, socket, head, match),
    log,
  });
  const context = {
    db,
    clock,
    log,
    dataDir,
    previewOrigin: origins.preview,
    siteNames: createSiteNames({ db, config, origins }),
    queue,
    hostnameChecks: createHostnameChecks({
      resolve: resolveHostname,
      publicHostname: config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname,
    }),
    events,
    runtime,
    agent,
    llm,
    settings,
    versions: createVersions({ clock, log }),
    importer: createImporter({ spawnChild: runtime.spawnChild }),
    production: createProductionParts({
      ...{ db, clock, log, dataDir, events, runtime, settings },
      releases: createReleases({ spawnChild: runtime.spawnChild, install: runtime.installPackages, storeDir: runtime.storeDir, log }),
      origin: origins.production,
      ports,
      portOrigin: origins.atPort,
    }),
    liveTurns: new Map(),
    spare,
  };
  const projects = createProjects(context);
  const activity = createActivity(clock.now);
  const gateway: Gateway = createGateway({
    sitesDomain: config.sitesDomain,
    appOrigins: origins.allOfApp,
    slugOfHostname: projects.siteNames.slugOfHostname,
    movedTo: projects.siteNames.movedTo,
    resolveProject: projects.findPreview,
    servePublished: projects.production.serve,
    takePublishedUpgrade: projects.production.takeUpgrade,
    serveVersion: projects.versionPreviews.serve,
    touch: activity.touch,
    wake: projects.wake,
    log,
  });
  const idle = { activity, viewers: gateway.viewers };
  let idleSweep: { stop(): void } | undefined;

  return {
    services: {
      config,
      appOrigin: origins.app,
      db,
      sqlite,
      clock,
      log,
      events,
      queue,
      monitor,
      auth,
      settings,
      llm,
      agent,
      runtime,
      projects,
      tlsRate: createRequestRate({ clock, burst: 200, perSecond: 20 }),
    },
    gateway,
    async start() {
      const [reaped] = await Promise.all([runtime.reapOrphans(), llm.listen()]);
      const [spares, uploads, attachments] = await Promise.all([
        spare.removeLeftovers(),
        projects.imports.removeOrphans(),
        projects.attachments.removeOrphans(),
      ]);
      const leftovers = { spares, uploads, attachments };
      const recovered = { ...queue.recover(), ...projects.recover(), ...(await projects.versions.recover()), reaped, ...leftovers };
      projects.production.recover();
      projects.versionPreviews.recover();
      log.info(recovered, 'recovered');
      queue.start();
      monitor.bulk.resume();
      idleSweep = startIdleSweep(context, idle);
    },
    async stop() {
      idleSweep?.stop();
      gateway.close();
      await Promise.all([projects.interruptTurns(), spare.stop()]);
      projects.production.stopServing();
      await monitor.close();
      await queue.stop(QUEUE_GRACE_MS);
      await agent.stopAll();
      await runtime.stopAll();
      await llm.close();
      auth.stop();
      checkpoints.stop();
      sqlite.close();
      lock.release();
    },
  };
}
