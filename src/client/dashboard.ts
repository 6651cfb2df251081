import './import-form.ts';
import './live-fragment.ts';
import './prompt-box.ts';
import './times.ts';
import { askForSpareWhileTyping } from './ask-for-spare.ts';
import { watchConnection } from './connection-note.ts';
import { openEvents } from './events.ts';

watchConnection();
openEvents();
askForSpareWhileTyping(document.querySelector<HTMLTextAreaElement>('prompt-box textarea')!);
