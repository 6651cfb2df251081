import './settings-form.ts';
import './times.ts';
import { onEvent, openEvents } from './events.ts';
import { leaveFor } from './leave.ts';

const { project } = document.querySelector<HTMLElement>('[data-settings]')!.dataset;
const { signal } = new AbortController();

onEvent('project.moved', ({ projectId, slug }) => projectId === project && leaveFor(`/projects/${slug}/settings`), signal);
onEvent('project.deleted', ({ projectId }) => projectId === project && leaveFor('/'), signal);
openEvents(project);

document.addEventListener('api-form-done', (event) => {
  const form = event.target instanceof Element && event.target.matches('[data-clears]') ? event.target : undefined;
  form?.querySelector('form')?.reset();
});
