import type { Turn } from '#server/db/conversation-tables.ts';
import type { Project } from '#server/db/schema.ts';
import type { Step } from './views.ts';

/** The checklist of a project's first minutes, told from what is stored. */
export function describeSteps(project: Project, firstTurn: Turn | undefined): Step[] {
  const beganAtMs = firstTurn?.createdAtMs ?? project.createdAt.getTime();
  const sentAtMs = firstTurn?.startedAtMs ?? null;
  const hasFailed = project.status === 'error';
  const filesDone = project.preparedAtMs !== null;
  const previewDone = project.previewedAtMs !== null;
  const note = project.packagesState === 'installing' ? 'Installing packages' : null;
  const steps = [
    step('files', 'Putting the files in place', {
      startedAtMs: beganAtMs,
      finishedAtMs: project.preparedAtMs,
      isActive: true,
      note,
      hasFailed: hasFailed && !filesDone,
    }),
    step('preview', 'Starting the preview', {
      startedAtMs: project.preparedAtMs,
      finishedAtMs: project.previewedAtMs,
      isActive: filesDone && project.status === 'starting',
      note,
      hasFailed: hasFailed && filesDone && !previewDone,
    }),
    step('agent', 'Waking the builder', {
      startedAtMs: project.preparedAtMs,
      finishedAtMs: sentAtMs,
      isActive: filesDone && firstTurn?.state === 'queued',
      hasFailed: firstTurn?.state === 'failed' && sentAtMs === null,
    }),
    step('building', 'Writing your site', {
      startedAtMs: sentAtMs,
      finishedAtMs: firstTurn?.state === 'completed' ? firstTurn.finishedAtMs : null,
      isActive: firstTurn?.state === 'running',
      hasFailed: sentAtMs !== null && firstTurn !== undefined && ['failed', 'stopped', 'needs_attention'].includes(firstTurn.state),
    }),
  ];
  // Nobody asked the agent for anything yet: an imported project is there once its page is.
  return firstTurn ? steps : steps.slice(0, 2);
}

interface Progress {
  startedAtMs: number | null;
  finishedAtMs: number | null;
  isActive: boolean;
  hasFailed: boolean;
  /** Shown while it is active. */
  note?: string | null;
}

function step(key: Step['key'], label: string, { startedAtMs, finishedAtMs, isActive, hasFailed, note = null }: Progress): Step {
  const state = hasFailed ? 'failed' : finishedAtMs !== null ? 'done' : isActive ? 'active' : 'waiting';
  return { key, label, state, startedAtMs, finishedAtMs, note: state === 'active' ? note : null };
}
