/**
 * Entries of a workspace that are nobody's to read, edit, record or export: packages and caches that are made again, secrets, and
 * repositories (the folder `.git`; the files beside it are like any others). An example of a `.env` holds no secret.
 */
export function isPrivateName(name: string): boolean {
  if (['.git', 'node_modules', '.astro', '.ds_store'].includes(name.toLowerCase())) return true;
  return /^\.env(\..*)?$/i.test(name) && !/\.(example|sample|template)$/i.test(name);
}
