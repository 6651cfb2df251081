import './live-fragment.ts';
import './prompt-box.ts';
import './times.ts';
import { watchConnection } from './connection-note.ts';
import { openEvents } from './events.ts';

watchConnection();
openEvents();
