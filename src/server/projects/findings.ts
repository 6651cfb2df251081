import type { CheckInput, Finding } from '#server/releases/check.ts';
import type { ProjectsContext } from './context.ts';
import { readEnvironment, secretsIn, spellingsOf } from './environment.ts';

/**
 * What must not stand in anything of the project that is given away, as it is at this moment: the keys stored in doce, and the
 * project's variables that are not public.
 *
 * @throws AppError `environment_unreadable`.
 */
export function secretsToFind(context: ProjectsContext, projectId: string): Pick<CheckInput, 'secrets' | 'variables'> {
  return {
    secrets: context.settings.secretValues(),
    variables: spellingsOf(secretsIn(readEnvironment(context, projectId))),
  };
}

/** A line each. The gravest kind only: the others are found the next time. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .filter(({ kind }) => kind === findings[0]?.kind)
    .map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`} ${message}`)
    .join('\n');
}
