import type { ProjectView } from '#server/projects/views.ts';

/** What the stage shows: one of these at a time. */
export type StageState =
  /** The checklist, until there is a page to look at. */
  | { kind: 'creating' }
  /** The page. `catchingUp`: the old one stays in sight while its preview comes back. `building`: the first answer is on its way. */
  | { kind: 'page'; catchingUp: boolean; building: boolean }
  | { kind: 'stopped' }
  | { kind: 'stopping' }
  | { kind: 'failed' }
  | { kind: 'deleting' };

export function stageStateOf(project: Pick<ProjectView, 'status' | 'steps'>): StageState {
  if (project.status === 'error') return { kind: 'failed' };
  if (project.status === 'deleting') return { kind: 'deleting' };
  if (project.status === 'stopped') return { kind: 'stopped' };
  if (project.status === 'stopping') return { kind: 'stopping' };
  const seenBefore = project.steps.some((step) => step.key === 'preview' && step.state === 'done');
  if (project.status === 'running' || seenBefore) {
    const building = project.steps.some((step) => step.state === 'active');
    return { kind: 'page', catchingUp: project.status !== 'running', building };
  }
  return { kind: 'creating' };
}

/** Failures that lie in the site's own code, so the agent can do something about them. */
const repairable = new Set(['preview_exited', 'preview_crashed', 'package_unknown', 'packages_unsupported', 'manifest_invalid']);

const endOf = (detail: string | null) => {
  const lines = (detail ?? '').trim().split('\n').slice(-12).join('\n');
  return lines ? `The log ends with:\n\n${lines}\n\n` : '';
};

/** What to ask the agent for when the site's own code keeps the preview from starting, with the log's last words to work from. */
export function repairRequest(error: ProjectView['error']): string | undefined {
  if (!error || !repairable.has(error.code)) return undefined;
  return `The preview does not start. ${endOf(error.detail)}Find the cause and fix it.`;
}

/** The same when package.json asks for packages that can't be had. */
export function packagesRequest(error: ProjectView['packages']['error']): string | undefined {
  if (!error || !repairable.has(error.code)) return undefined;
  return `The packages could not be installed. ${endOf(error.detail)}Find the cause and fix it.`;
}
