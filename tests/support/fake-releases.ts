import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildInput } from '#server/releases/build.ts';
import type { ServerOutput } from '#server/releases/build-output.ts';
import { checkRelease, findLeaks } from '#server/releases/check.ts';
import type { Finding } from '#server/releases/check.ts';
import { checkRunningRelease } from '#server/releases/check-server.ts';
import type { Releases } from '#server/releases/releases.ts';
import { createReleaseServer } from '#server/releases/serve.ts';
import { createReleaseStore } from '#server/releases/store.ts';

/** Releases with the real store, check and server; what a build makes is in the script. */
export function makeFakeReleases() {
  const store = createReleaseStore();
  const builds: BuildInput[] = [];
  const script: {
    files: Record<string, string>;
    /** The file among them that runs; undefined = they are pages. */
    program: string | undefined;
    /** Throws, or waits; called when a build begins. */
    onBuild: (input: BuildInput) => Promise<void> | void;
    findings: Finding[] | undefined;
  } = { files: { 'index.html': '<h1>Bread</h1>' }, program: undefined, onBuild: () => {}, findings: undefined };

  const releases: Releases = {
    async build(input) {
      builds.push(input);
      input.onLog('Building the pages');
      await script.onBuild(input);
      input.signal.throwIfAborted();
      const output = mkdtempSync(join(tmpdir(), 'doce-fake-build-'));
      try {
        for (const [path, content] of Object.entries(script.files)) {
          mkdirSync(dirname(join(output, path)), { recursive: true });
          writeFileSync(join(output, path), content);
        }
        if (script.program === undefined) return await store.place(input.projectDir, output, input.signal);
        return await store.placeServer(input.projectDir, programIn(output, script.program), output, input.signal);
      } finally {
        rmSync(output, { recursive: true, force: true });
      }
    },
    checkServer: async (input) => script.findings ?? (await checkRunningRelease(input)),
    findLeaks,
    check: async (input) => script.findings ?? (await checkRelease(input)),
    open: store.open,
    prune: store.prune,
    serve: createReleaseServer().serve,
  };
  return { releases, script, builds };
}

function programIn(site: string, file: string): ServerOutput {
  return {
    kind: 'server',
    site,
    parts: undefined,
    command: { args: [file], env: {} },
    assets: undefined,
    dependencies: [],
    worksInData: true,
  };
}
