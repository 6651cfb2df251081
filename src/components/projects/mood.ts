import type { ProjectSummary } from '#server/projects/views.ts';

/** How a project is, in a colour and a few words. */
export interface Mood {
  tone: 'live' | 'busy' | 'warn' | 'bad' | 'off';
  words: string;
}

/** What matters most comes first: a broken preview, then an answer on its way, then one that needs the person. */
export function moodOf(project: Pick<ProjectSummary, 'status' | 'statusWords' | 'turnState'>): Mood {
  if (project.status === 'error') return { tone: 'bad', words: project.statusWords };
  if (project.status === 'deleting') return { tone: 'busy', words: project.statusWords };
  if (project.status === 'running' && (project.turnState === 'running' || project.turnState === 'queued'))
    return { tone: 'busy', words: 'Building' };
  if (project.turnState === 'needs_attention') return { tone: 'warn', words: 'Needs your attention' };
  if (project.turnState === 'failed') return { tone: 'warn', words: 'The last change failed' };
  if (project.status === 'running') return { tone: 'live', words: project.statusWords };
  if (project.status === 'stopped') return { tone: 'off', words: project.statusWords };
  return { tone: 'busy', words: project.statusWords };
}
