import { z } from 'zod';

const Specs = z.record(z.string(), z.string()).optional();
const Manifest = z.object({
  dependencies: Specs,
  devDependencies: Specs,
  optionalDependencies: Specs,
  peerDependencies: Specs,
  engines: z.object({ node: z.string().optional() }).optional().catch(undefined),
  overrides: z.unknown().optional(),
  resolutions: z.unknown().optional(),
  pnpm: z.object({ overrides: z.unknown().optional() }).optional().catch(undefined),
});
const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** All that pnpm is told of a site's manifest: nothing in it runs, switches the package manager or moves a folder. */
export interface CleanManifest {
  name: 'site';
  private: true;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  engines: { node?: string | undefined };
  /** Of npm (flat ones), yarn and older pnpm alike; a setting of pnpm, not of the manifest. */
  overrides: Record<string, string>;
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/i;
/** These name folders, which an install that knows only the manifest can't see. */
const LOCAL = /^(?:file|link|portal|workspace|catalog):|^\.{0,2}\//;

export type CleanedManifest = { state: 'clean'; manifest: CleanManifest } | { state: 'invalid' | 'unsupported'; detail: string };

/** Takes from a `package.json` what an install needs. */
export function cleanManifest(text: string): CleanedManifest {
  const parsed = parse(text);
  if ('detail' in parsed) return { state: 'invalid', detail: parsed.detail };
  const { manifest } = parsed;
  const found = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));
  const misnamed = found.find(([name]) => !NAME.test(name));
  if (misnamed) return { state: 'invalid', detail: `“${misnamed[0].slice(0, 100)}” can't be the name of a package.` };
  const local = found.filter(([, spec]) => LOCAL.test(spec));
  if (local.length > 0) return { state: 'unsupported', detail: local.map(([name, spec]) => `${name}: ${spec.slice(0, 100)}`).join('\n') };
  const own = Object.fromEntries(groups.map((group) => [group, sorted(manifest[group])])) as Pick<CleanManifest, (typeof groups)[number]>;
  const overrides = sorted(
    Object.assign({}, ...[manifest.resolutions, manifest.overrides, manifest.pnpm?.overrides].map(flatOverrides)) as Record<string, string>,
  );
  return { state: 'clean', manifest: { name: 'site', private: true, ...own, engines: { node: manifest.engines?.node }, overrides } };
}

function parse(text: string): { manifest: z.output<typeof Manifest> } | { detail: string } {
  try {
    const result = Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    if (result.success) return { manifest: result.data };
    const [issue] = result.error.issues;
    return { detail: `${issue?.path.join('.') ?? 'package.json'}: ${issue?.message ?? 'not what npm expects'}` };
  } catch (error) {
    return { detail: error instanceof Error ? error.message : 'not JSON' };
  }
}

/** Overrides that pnpm would read the same way; nested ones of npm and references to other entries are left out. */
function flatOverrides(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, spec]) => typeof spec === 'string' && !LOCAL.test(spec) && !spec.startsWith('$')) as [
      string,
      string,
    ][],
  );
}

function sorted(specs: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(specs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
