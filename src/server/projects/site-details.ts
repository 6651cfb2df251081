import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { FileView, ProjectFiles } from './files.ts';
import { readImageFacts } from './image-facts.ts';
import type { ImageFacts } from './image-facts.ts';

/** Where sites that the offline builder made keep the title and description of their home page. */
const CONTENT_FILE = 'src/content/home.json';
const HomeContent = z.looseObject({ title: z.string(), description: z.string() });

export const UpdateSite = z.object({
  title: z.string().trim().min(1, 'Type a title.').max(200, 'A title has at most 200 characters.'),
  description: z.string().trim().min(1, 'Type a description.').max(500, 'A description has at most 500 characters.'),
  baseHash: z.string().min(1).max(64).describe('Of what was shown: a change underneath is never overwritten.'),
});
export type UpdateSite = z.infer<typeof UpdateSite>;

export const siteImages = ['favicon', 'share-image'] as const;
export type SiteImage = (typeof siteImages)[number];

const rules: Record<SiteImage, { name: string; types: readonly ImageFacts['type'][]; largestBytes: number; refusal: string }> = {
  favicon: {
    name: 'favicon',
    types: ['svg', 'png', 'ico'],
    largestBytes: 256 * 1024,
    refusal: 'Choose an SVG, PNG or ICO file of at most 256 KiB.',
  },
  'share-image': {
    name: 'share',
    types: ['png', 'jpg', 'webp'],
    largestBytes: 2 * 1024 * 1024,
    refusal: 'Choose a PNG, JPEG or WebP file of at most 2 MiB.',
  },
};
export const LARGEST_IMAGE_BYTES = rules['share-image'].largestBytes;

export interface SiteImageView extends ImageFacts {
  /** In the project: `public/favicon.svg`. */
  path: string;
  sizeBytes: number;
  /** Some source of the site names it. */
  isUsed: boolean;
}

/** What a site says of itself. */
export interface SiteDetails {
  /** Null when the site keeps its title in its pages: only someone who reads them can change it. */
  content: { path: string; title: string; description: string; hash: string } | null;
  favicons: SiteImageView[];
  shareImages: SiteImageView[];
}

export async function readSiteDetails(files: ProjectFiles, ownerId: string, projectId: string): Promise<SiteDetails> {
  const home = await readContent(files, ownerId, projectId);
  const [favicons, shareImages] = await Promise.all(siteImages.map((image) => listImages(files, ownerId, projectId, image)));
  return {
    content: home && { path: CONTENT_FILE, title: home.content.title, description: home.content.description, hash: home.hash },
    favicons: favicons!,
    shareImages: shareImages!,
  };
}

/**
 * Changes the home page's title and description, as an edit by hand: it is in a version, and can be undone.
 *
 * @throws AppError `site_content_elsewhere`, `file_changed`.
 */
export async function updateSiteDetails(files: ProjectFiles, ownerId: string, projectId: string, input: UpdateSite): Promise<void> {
  const home = await readContent(files, ownerId, projectId);
  if (!home) throw new AppError('site_content_elsewhere');
  if (home.hash !== input.baseHash) throw new AppError('file_changed');
  const next = { ...home.content, title: input.title, description: input.description };
  const content = `${JSON.stringify(next, null, 2)}\n`;
  const outcome = files.write(ownerId, projectId, CONTENT_FILE, { content, encoding: 'utf8', kind: 'file', baseHash: input.baseHash });
  if (outcome.state === 'changed') throw new AppError('file_changed');
}

/**
 * Puts a picture into `public`, over the one of the same kind. What it is, its bytes say.
 *
 * @throws AppError `site_image_invalid`.
 */
export function writeSiteImage(files: ProjectFiles, ownerId: string, projectId: string, image: SiteImage, bytes: Buffer): void {
  const { name, types, largestBytes, refusal } = rules[image];
  const facts = bytes.length <= largestBytes ? readImageFacts(bytes) : undefined;
  if (!facts || !types.includes(facts.type)) {
    throw new AppError('site_image_invalid', { message: refusal, issues: [{ path: 'file', message: refusal }] });
  }
  const content = bytes.toString('base64');
  files.write(ownerId, projectId, `public/${name}.${facts.type}`, { content, encoding: 'base64', kind: 'file' });
}

async function readContent(files: ProjectFiles, ownerId: string, projectId: string) {
  const file = await findFile(files, ownerId, projectId, CONTENT_FILE);
  if (!file?.content) return null;
  try {
    return { content: HomeContent.parse(JSON.parse(file.content)), hash: file.hash };
  } catch {
    // Somebody's own file of that name, or one that is being written: not ours to change.
    return null;
  }
}

async function listImages(files: ProjectFiles, ownerId: string, projectId: string, image: SiteImage): Promise<SiteImageView[]> {
  const { name, types, largestBytes } = rules[image];
  const found = await Promise.all(
    types.map(async (type): Promise<SiteImageView | undefined> => {
      const path = `public/${name}.${type}`;
      const file = await findFile(files, ownerId, projectId, path);
      if (!file) return undefined;
      const small = file.sizeBytes <= largestBytes;
      const facts = small ? readImageFacts(await files.download(ownerId, projectId, path)) : undefined;
      const { matches } = await files.search(ownerId, projectId, `${name}.${type}`);
      return {
        type,
        width: null,
        height: null,
        ...facts,
        path,
        sizeBytes: file.sizeBytes,
        isUsed: matches.some((match) => match.path !== path),
      };
    }),
  );
  return found.filter((view) => view !== undefined);
}

async function findFile(files: ProjectFiles, ownerId: string, projectId: string, path: string): Promise<FileView | undefined> {
  try {
    const found = await files.read(ownerId, projectId, path);
    return 'file' in found ? found.file : undefined;
  } catch (error) {
    if (error instanceof AppError && ['file_not_found', 'file_in_the_way', 'file_too_large', 'file_private'].includes(error.code))
      return undefined;
    throw error;
  }
}
