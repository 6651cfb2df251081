import './settings-form.ts';
import './times.ts';
import { wireThemeChoice } from './theme-choice.ts';

wireThemeChoice();
