import { COFFEE } from './coffee.ts';
import type { Topic } from './topic.ts';

export const TOPICS: readonly Topic[] = [COFFEE];
