import type { Project } from '#server/db/schema.ts';
import { BuildError } from '#server/releases/build-failure.ts';
import type { StartOutcome } from '#server/runtime/supervisor.ts';
import type { ProjectsContext } from './context.ts';

const MISSING_VARIABLE =
  /\b(?:env(?:ironment)?|variables?|process\.env)\b[^\n]*\b(?:missing|required|not set|undefined|unset|must be set)\b|\b(?:missing|required|must set)\b[^\n]*\b(?:env(?:ironment)?|variables?)\b|EnvInvalidVariables/i;

/**
 * Makes a release ready to be switched to: read from the disk, and running when it is a program. It stays so until `letGo`.
 *
 * @throws BuildError `release_missing`, or why its program does not run.
 */
export async function prepareRelease(
  context: ProjectsContext,
  project: Project,
  releaseHash: string,
  signal: AbortSignal,
): Promise<{ letGo(): void }> {
  const { sites, servers } = context.production;
  const release = await sites.open(project, releaseHash);
  if (!release || !(await sites.prepare(project, releaseHash))) throw new BuildError('release_missing', '');
  if (!release.server) return { letGo: () => {} };
  const { outcome, letGo } = await servers.prepare(project, release, signal);
  if (outcome.state === 'running') return { letGo };
  letGo();
  throw startFailure(outcome);
}

/** Why a program did not come up, with its last lines. */
export function startFailure(outcome: Exclude<StartOutcome, { state: 'running' }>): BuildError {
  const lines = withoutOurPaths(outcome.logTail);
  if (MISSING_VARIABLE.test(lines)) return new BuildError('server_variable_missing', lines);
  if (outcome.state === 'exited') {
    const end = outcome.exitCode === null ? 'a signal' : `code ${outcome.exitCode}`;
    return new BuildError('server_exited', lines || `It ended with ${end} and said nothing.`);
  }
  return outcome.lastStatus === undefined
    ? new BuildError('server_silent', lines)
    : new BuildError('server_failing', `GET / answered ${outcome.lastStatus}.\n${lines}`);
}

/** Paths in a program's lines become relative to it, those of packages begin at `node_modules`: where this machine keeps them is its own. */
export function withoutOurPaths(text: string): string {
  return text
    .replace(/(?:file:\/\/)?\/[^\s'"()]*\/releases\/[0-9a-f]{64}\/app\//g, '')
    .replace(/(?:file:\/\/)?\/[^\s'"()]*\/node_modules\//g, 'node_modules/');
}
