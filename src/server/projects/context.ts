import type { AgentHost } from '#server/agent/agent-host.ts';
import type { Clock } from '#server/clock.ts';
import type { Db } from '#server/db/open.ts';
import type { Events } from '#server/events/events.ts';
import type { Importer } from '#server/import/importer.ts';
import type { LlmGateway } from '#server/llm/llm-gateway.ts';
import type { Log } from '#server/log.ts';
import type { Queue } from '#server/queue/queue.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import type { Settings } from '#server/settings/settings.ts';
import type { Versions } from '#server/versions/versions.ts';
import type { HostnameChecks } from './hostname-check.ts';
import type { LiveTurns } from './live-turns.ts';
import type { ProductionParts } from './production.ts';
import type { SiteNames } from './site-names.ts';
import type { Spare } from './spare.ts';

/** What the project functions work with. The host fills it once. */
export interface ProjectsContext {
  db: Db;
  clock: Clock;
  log: Log;
  /** Absolute; `projects.path_on_disk` is relative to it. */
  dataDir: string;
  /** Where browsers find a project's preview: `http://<slug>.preview.localhost:4321`. */
  previewOrigin(slug: string): string;
  /** Earlier slugs and hostnames of other domains. */
  siteNames: SiteNames;
  hostnameChecks: HostnameChecks;
  queue: Queue;
  events: Events;
  runtime: Runtime;
  agent: AgentHost;
  llm: LlmGateway;
  settings: Settings;
  versions: Versions;
  importer: Importer;
  production: ProductionParts;
  /** The turns that are being answered by this process. */
  liveTurns: LiveTurns;
  /** What the next new project takes over. */
  spare: Spare;
}
