import { turnStates } from '#server/db/conversation-tables.ts';
import type { importSources, siteKinds } from '#server/db/import-tables.ts';
import { deploymentStates } from '#server/db/production-tables.ts';
import { packagesStates, productionStatuses, projectStatuses } from '#server/db/schema.ts';
import { versionKinds, versionPreviewStates } from '#server/db/version-tables.ts';
import type { TurnPartBody } from '#server/turn-parts.ts';
import type { Attachment } from './attachments.ts';
import type { RestoreDetail } from './version-rows.ts';

export { deploymentStates, packagesStates, productionStatuses, projectStatuses, turnStates, versionKinds, versionPreviewStates };
export type ProjectStatus = (typeof projectStatuses)[number];
export type ProductionStatus = (typeof productionStatuses)[number];
export type TurnState = (typeof turnStates)[number];

/** A project as lists and the API show it. Times are ISO 8601 in UTC. */
export interface ProjectSummary {
  id: string;
  slug: string;
  name: string;
  prompt: string;
  status: ProjectStatus;
  /** `status` for people: "Starting the preview". */
  statusWords: string;
  previewUrl: string;
  productionUrl: string | null;
  productionStatus: ProductionStatus;
  createdAt: string;
  error: { code: string; message: string; detail: string | null } | null;
  /** Whether the packages are those that package.json asks for; while they are not, the preview runs with those it has. */
  packages: PackagesView;
  /** State of the latest turn. */
  turnState: TurnState | null;
}

export interface ListedProject extends ProjectSummary {
  /** Where its front page is to be seen as it was built last, at an address that the app may frame. Null before, and for a program. */
  pictureUrl: string | null;
}

export interface PackagesView {
  state: (typeof packagesStates)[number];
  /** Of `failed`. */
  error: { code: string; message: string; detail: string | null } | null;
}

/** One line of the checklist that a new project shows while it comes to life. */
export interface Step {
  key: 'files' | 'preview' | 'agent' | 'building';
  label: string;
  state: 'waiting' | 'active' | 'done' | 'failed';
  startedAtMs: number | null;
  finishedAtMs: number | null;
  note: string | null;
}

export interface TurnView {
  id: string;
  position: number;
  state: TurnState;
  text: string;
  /** What came with it; the bytes lie in the workspace, at `path`, once it is sent. */
  attachments: Attachment[];
  model: string;
  parts: (TurnPartBody & { id: string })[];
  versionHash: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: { code: string; message: string } | null;
  usage: { inputTokens: number; outputTokens: number; costMicros: number; calls: number };
}

/** A state of the project's files. */
export interface VersionView {
  hash: string;
  /** From 1, in the order they were recorded. */
  number: number;
  title: string;
  /** What a person calls it. */
  name: string | null;
  kind: (typeof versionKinds)[number];
  /** The turn that made it. */
  turnId: string | null;
  bookmarked: boolean;
  createdAt: string;
  /** Against the version before; lines. */
  files: number;
  added: number;
  removed: number;
  /** Whether it is the latest. */
  isCurrent: boolean;
  /** Of a version that a restore made. */
  restore: RestoreDetail | null;
}

/** Where an imported project comes from. */
export interface ImportView {
  source: (typeof importSources)[number];
  /** The address of the repository, or the file's name. */
  origin: string;
  /** Null until the files were looked at. */
  kind: (typeof siteKinds)[number] | null;
  /** What was not brought along. */
  leftOut: string[];
}

export interface ProjectView extends ProjectSummary {
  /** Model of the latest turn: what the composer preselects. */
  model: string;
  /** All done once the first answer is there. */
  steps: Step[];
  turns: TurnView[];
  import: ImportView | null;
}
