import './api-form.ts';
import './conversation-view.ts';
import './dialogs.ts';
import './live-fragment.ts';
import './log-view.ts';
import './panel-view.ts';
import './prompt-box.ts';
import './publish-panel.ts';
import './times.ts';
import { watchConnection } from './connection-note.ts';
import { onEvent, openEvents } from './events.ts';
import { leaveFor } from './leave.ts';
import { wireLooks } from './look.ts';
import { wirePreviewToolbar } from './preview-frame.ts';
import { watchRestores } from './restore.ts';
import { wireFold } from './split-handle.ts';
import { wireStageTabs } from './stage-tabs.ts';

const { project } = document.querySelector<HTMLElement>('[data-workspace]')!.dataset;

wirePreviewToolbar();
wireFold();
wireStageTabs();
wireLooks();
watchConnection();
watchRestores();
onEvent(
  'project.moved',
  ({ projectId, slug }) => projectId === project && leaveFor(`/projects/${slug}${location.search}`),
  new AbortController().signal,
);
onEvent('project.deleted', ({ projectId }) => projectId === project && leaveFor('/'), new AbortController().signal);
// A new name shows in the header by itself; the tab's title is outside of every fragment.
document.addEventListener('fragment-shown', () => {
  document.title = `${document.querySelector('.name-text')?.textContent ?? ''} · doce`;
});
openEvents(project);
