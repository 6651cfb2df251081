import type { Log } from '#server/log.ts';
import { buildLimits, buildSite } from './build.ts';
import type { BuildInput, BuildLimits, BuildOptions } from './build.ts';
import { BuildError } from './build-failure.ts';
import { checkRelease, findLeaks } from './check.ts';
import type { CheckInput, Finding } from './check.ts';
import { checkRunningRelease } from './check-server.ts';
import type { ServerCheckInput } from './check-server.ts';
import type { Release } from './release.ts';
import { createReleaseServer } from './serve.ts';
import type { ReleaseServer } from './serve.ts';
import { createReleaseStore } from './store.ts';
import type { ReleaseStore } from './store.ts';
import { OutputError, outputLimits } from './store-files.ts';
import type { OutputLimits } from './store-files.ts';

export interface ReleasesOptions extends Omit<BuildOptions, 'limits'> {
  log: Log;
  limits?: Partial<BuildLimits & OutputLimits>;
}

/** Builds sites, keeps what came out, looks at it, serves it. Knows neither the database nor what is live. */
export interface Releases extends Pick<ReleaseStore, 'open' | 'prune'>, ReleaseServer {
  /**
   * Builds the sources and stores the output. A project's builds must not overlap: they share a folder.
   *
   * @throws BuildError when the site can't be built; the signal's reason when aborted.
   */
  build(input: BuildInput): Promise<Release>;
  /** See {@link checkRelease}. */
  check(input: CheckInput): Promise<Finding[]>;
  /** See {@link findLeaks}. */
  findLeaks(input: CheckInput): Promise<Finding[]>;
  /** See {@link checkRunningRelease}. */
  checkServer(input: ServerCheckInput): Promise<Finding[]>;
}

export function createReleases(options: ReleasesOptions): Releases {
  const limits = { ...buildLimits, ...outputLimits, ...options.limits };
  const store = createReleaseStore(limits);
  const server = createReleaseServer();
  return {
    async build(input) {
      const startedAtMs = performance.now();
      try {
        const release = await buildSite({ ...options, limits }, input, (output) => {
          if (output.kind === 'pages') return store.place(input.projectDir, output.folder, input.signal);
          if (!input.allowServer) throw new BuildError('server_not_shown', 'The build made a server.');
          return store.placeServer(input.projectDir, output, options.storeDir, input.signal);
        });
        options.log.info({ projectId: input.projectId, release: release.hash, ms: performance.now() - startedAtMs }, 'built a site');
        return release;
      } catch (error) {
        if (error instanceof OutputError) throw new BuildError(error.code, error.message);
        if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new BuildError('storage_full', 'no space left on device');
        throw error;
      }
    },
    open: store.open,
    prune: store.prune,
    check: checkRelease,
    findLeaks,
    checkServer: checkRunningRelease,
    serve: server.serve,
  };
}
