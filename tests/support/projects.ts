import { nanoid } from 'nanoid';
import { onTestFinished } from 'vitest';
import { users } from '#server/db/schema.ts';
import { createEvents } from '#server/events/events.ts';
import { createJobDefinitions } from '#server/jobs/definitions.ts';
import { createImporter } from '#server/import/importer.ts';
import type { ImporterOptions } from '#server/import/importer.ts';
import { createLlmGateway } from '#server/llm/llm-gateway.ts';
import { createLog } from '#server/log.ts';
import type { ProjectsContext } from '#server/projects/context.ts';
import { createProductionParts } from '#server/projects/production.ts';
import { createProjects } from '#server/projects/projects.ts';
import { createHostnameChecks } from '#server/projects/hostname-check.ts';
import { createSiteNames } from '#server/projects/site-names.ts';
import { createSpare } from '#server/projects/spare.ts';
import type { JobChange } from '#server/queue/engine.ts';
import { createQueue } from '#server/queue/queue.ts';
import { createSettings } from '#server/settings/settings.ts';
import { createVersions } from '#server/versions/versions.ts';
import { makeClock } from './clock.ts';
import { makeDatabase } from './database.ts';
import { makeFakeAgent } from './fake-agent.ts';
import { makeFakeReleases } from './fake-releases.ts';
import { makeFakeRuntime } from './fake-runtime.ts';
import { makePlainSpawn } from './plain-spawn.ts';

const silentBuilder = { async *stream() {} };

/** The projects domain on a real database and a real queue; only the processes at the edge are fakes. */
export function setupProjects(
  options: { importer?: Partial<ImporterOptions>; dataDir?: string; spareIsWanted?: boolean; availableBytes?: number } = {},
) {
  const { db, sqlite } = makeDatabase();
  const clock = makeClock();
  const log = createLog('silent');
  const fakeAgent = makeFakeAgent();
  const fakeRuntime = makeFakeRuntime();
  const fakeReleases = makeFakeReleases();
  const ownerId = nanoid();
  db.insert(users)
    .values({ id: ownerId, createdAt: new Date(0), username: 'ada', passwordHash: 'x' })
    .run();

  const { dataDir = '/data', spareIsWanted = true, availableBytes = 8 * 1024 ** 3 } = options;
  const previewOrigin = (slug: string) => `http://${slug}.preview.localhost:4321`;
  const { runtime } = fakeRuntime;
  const origins = {
    preview: previewOrigin,
    production: (slug: string) => `http://${slug}.localhost:4321`,
    custom: (host: string) => `http://${host}:4321`,
  };

  const boot = () => {
    const spare = createSpare({
      ...{ db, clock, log, dataDir, runtime, previewOrigin },
      isWanted: spareIsWanted,
      availableBytes: () => availableBytes,
    });
    const events = createEvents({ db, clock, log });
    const settings = createSettings({ db, clock, log, dataDir: options.dataDir ?? '/nowhere', llmBaseUrlFromEnv: undefined });
    const llm = createLlmGateway({ db, clock, log, resolveProvider: () => undefined, limits: settings.limits, offline: silentBuilder });
    const definitions = createJobDefinitions(() => projects);
    const onChange = (change: JobChange) => projects.jobChanged(change);
    const queue = createQueue({ db, sqlite, clock, log, bootId: nanoid(), definitions, onChange });
    const context: ProjectsContext = {
      db,
      clock,
      log,
      dataDir,
      previewOrigin,
      siteNames: createSiteNames({ db, origins, config: { sitesDomain: 'localhost', publicUrl: undefined, host: '127.0.0.1' } }),
      queue,
      events,
      hostnameChecks: createHostnameChecks({
        resolve: async () => ['192.0.2.1'],
        publicHostname: undefined,
        ownAddresses: () => ['192.0.2.1'],
      }),
      runtime,
      agent: fakeAgent.agent,
      llm,
      settings,
      versions: createVersions({ clock, log }),
      importer: createImporter({ spawnChild: makePlainSpawn().spawnChild, ...options.importer }),
      production: createProductionParts({
        ...{ db, clock, log, dataDir, events, runtime, settings },
        releases: fakeReleases.releases,
        origin: origins.production,
      }),
      liveTurns: new Map(),
      spare,
    };
    const projects = createProjects(context);
    onTestFinished(async () => void (await Promise.all([spare.stop(), queue.stop(0)])));
    return { context, projects, queue, events, spare };
  };
  return { db, sqlite, clock, ownerId, fakeAgent, fakeRuntime, fakeReleases, boot };
}

/** A project whose first prompt is being answered. */
export async function makeRunningProject(world: ReturnType<typeof setupProjects>, prompt = 'a landing page for a bakery') {
  const host = world.boot();
  host.queue.start();
  const project = host.projects.create(world.ownerId, { prompt, template: 'starter' });
  const turn = await world.fakeAgent.nextTurn();
  await host.queue.whenIdle();
  return { ...host, project, turn, view: () => host.projects.view(world.ownerId, project.id) };
}
