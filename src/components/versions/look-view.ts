import type { VersionPreviewView } from '#server/projects/version-preview-views.ts';
import type { VersionView } from '#server/projects/views.ts';
import type { VersionWords } from './version-words.ts';

/** An old version that somebody looks at in the place of the live preview. */
export interface LookView {
  version: VersionView;
  words: VersionWords;
  preview: VersionPreviewView;
  /** Its files are what is there now. */
  isWhatIsThere: boolean;
  /** Whether an answer is being written: going back stops it. */
  isBusy: boolean;
}

export const isUnderWay = ({ preview }: LookView): boolean => preview.state === 'queued' || preview.state === 'building';

/** The address of the workspace with a version in the place of the live preview. */
export const lookAddress = (slug: string, hash: string): string => `/projects/${slug}?look=${hash}`;
