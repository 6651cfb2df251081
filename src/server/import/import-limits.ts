/** How much an import may bring. */
export interface ImportLimits {
  files: number;
  /** Of all files together, unpacked; and of a repository on its way here. */
  bytes: number;
  /** Unpacked bytes for one packed. */
  ratio: number;
  /** For everything about a repository: finding, fetching and reading it. */
  gitMs: number;
}

export const importLimits: ImportLimits = { files: 10_000, bytes: 200 * 1024 * 1024, ratio: 100, gitMs: 60_000 };
