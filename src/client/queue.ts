import './api-form.ts';
import './dialogs.ts';
import './queue-live.ts';
import './queue-times.ts';
import './times.ts';
import { watchConnection } from './connection-note.ts';
import { openEvents } from './events.ts';
import { wireConfirmations } from './queue-confirm.ts';
import { wireQueueKeys } from './queue-keys.ts';

document.addEventListener('change', (event) => {
  if (event.target instanceof HTMLSelectElement) event.target.closest<HTMLFormElement>('form[data-filter]')?.requestSubmit();
});
// An empty field is no part of the address.
document.addEventListener('formdata', (event) => {
  if (!(event.target as HTMLElement).matches('[data-filter]')) return;
  for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name);
});
wireQueueKeys();
wireConfirmations();
watchConnection();
openEvents();
