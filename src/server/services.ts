import type { AgentHost } from '#server/agent/agent-host.ts';
import type { Auth } from '#server/auth/auth.ts';
import type { Clock } from '#server/clock.ts';
import type { Config } from '#server/config.ts';
import type { Db, Sqlite } from '#server/db/open.ts';
import type { Session, User } from '#server/db/schema.ts';
import type { Events } from '#server/events/events.ts';
import type { LlmGateway } from '#server/llm/llm-gateway.ts';
import type { RequestRate } from '#server/http/request-rate.ts';
import type { Log } from '#server/log.ts';
import type { Projects } from '#server/projects/projects.ts';
import type { Monitor } from '#server/queue/monitor/monitor.ts';
import type { Queue } from '#server/queue/queue.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import type { Settings } from '#server/settings/settings.ts';

/** Everything long-lived that the host made. Pages and routes get it as `Astro.locals.services`. */
export interface Services {
  config: Config;
  /** Origin under which this process is reached, e.g. `http://localhost:4321`. */
  appOrigin(): string;
  db: Db;
  sqlite: Sqlite;
  clock: Clock;
  log: Log;
  events: Events;
  queue: Queue;
  monitor: Monitor;
  auth: Auth;
  settings: Settings;
  llm: LlmGateway;
  agent: AgentHost;
  runtime: Runtime;
  projects: Projects;
  /** Of questions about certificates. */
  tlsRate: RequestRate;
}

/** `Astro.locals`, set by our server before Astro sees the request; `edge` comes from `http/request-edge.ts`. */
export interface RequestLocals {
  services: Services;
  session: { user: User; session: Session } | null;
}
