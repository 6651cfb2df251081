import type { ProjectSummary, ProjectView, Step, TurnView, VersionView } from '#server/projects/views.ts';
import type { TurnPartBody } from '#server/turn-parts.ts';

/** What pages are given, made up: for tests of what they show. */
export const NOW_MS = Date.UTC(2026, 0, 15, 14, 30);

const ago = (ms: number) => new Date(NOW_MS - ms).toISOString();
const MINUTE_MS = 60_000;

export function makeSummary(overrides: Partial<ProjectSummary> = {}): ProjectSummary {
  return {
    id: 'p1',
    slug: 'torra-coffee-roastery',
    name: 'Torra Coffee Roastery',
    prompt: 'A landing page for a coffee roastery in Lisbon',
    status: 'running',
    statusWords: 'Running',
    previewUrl: 'http://torra-coffee-roastery.preview.localhost:4321/',
    productionUrl: null,
    productionStatus: 'stopped',
    createdAt: ago(5 * MINUTE_MS),
    error: null,
    packages: { state: 'current', error: null },
    turnState: 'completed',
    ...overrides,
  };
}

export function makeTurn(overrides: Partial<TurnView> = {}): TurnView {
  return {
    id: 't1',
    position: 0,
    state: 'completed',
    text: 'A landing page for a coffee roastery in Lisbon',
    attachments: [],
    model: 'doce/offline',
    parts: [],
    versionHash: null,
    createdAt: ago(5 * MINUTE_MS),
    startedAt: ago(5 * MINUTE_MS - 4_000),
    finishedAt: ago(4 * MINUTE_MS),
    error: null,
    usage: { inputTokens: 0, outputTokens: 0, costMicros: 0, calls: 3 },
    ...overrides,
  };
}

export function makeParts(...bodies: TurnPartBody[]): TurnView['parts'] {
  return bodies.map((body, index) => ({ ...body, id: `part-${index + 1}` }));
}

export function makeTool(overrides: Partial<Extract<TurnPartBody, { kind: 'tool' }>> = {}): Extract<TurnPartBody, { kind: 'tool' }> {
  return {
    kind: 'tool',
    tool: 'write',
    state: 'done',
    title: 'Wrote src/pages/index.astro',
    file: 'src/pages/index.astro',
    added: 84,
    ...overrides,
  };
}

export function makeSteps(reached: Step['key'] | 'all' = 'all', failed = false): Step[] {
  const labels = { files: 'Files', preview: 'Preview', agent: 'Agent', building: 'Building the site' } as const;
  const keys = Object.keys(labels) as Step['key'][];
  const at = reached === 'all' ? keys.length : keys.indexOf(reached);
  return keys.map((key, index) => ({
    key,
    label: labels[key],
    state: index < at ? 'done' : index > at ? 'waiting' : failed ? 'failed' : 'active',
    startedAtMs: index <= at ? NOW_MS - (at - index + 1) * 2_300 : null,
    finishedAtMs: index < at ? NOW_MS - (at - index) * 2_300 : null,
    note: null,
  }));
}

export function makeView(overrides: Partial<ProjectView> = {}): ProjectView {
  return { ...makeSummary(), model: 'doce/offline', steps: makeSteps(), turns: [makeTurn()], import: null, ...overrides };
}

/** `number` counts up within a project; the hash is made of it. */
export function makeVersion(number: number, overrides: Partial<VersionView> = {}): VersionView {
  return {
    hash: versionHash(number),
    number,
    title: 'A landing page for a coffee roastery in Lisbon',
    name: null,
    kind: 'turn',
    turnId: null,
    bookmarked: false,
    createdAt: ago(MINUTE_MS),
    files: 2,
    added: 12,
    removed: 3,
    isCurrent: false,
    restore: null,
    ...overrides,
  };
}

export const versionHash = (number: number) => number.toString(16).padStart(40, '0');
