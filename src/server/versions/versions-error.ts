const messages = {
  git_missing: 'The program git is not on this machine, so versions cannot be kept. Install it (Debian: apt-get install git).',
  git_failed: 'The history of this project could not be read or written.',
  version_not_found: 'That version does not exist.',
  file_not_found: 'That version has no such file.',
  too_many_files: 'The project has too many files to keep versions of.',
  scan_too_slow: 'Looking through the files of the project took too long.',
  workspace_missing: 'The project has no files yet.',
  workspace_busy: 'The files of the project keep changing while they are being restored.',
} as const;

export type VersionsErrorCode = keyof typeof messages;

/** What the engine refuses or cannot do; the domain decides what a person is told. */
export class VersionsError extends Error {
  override readonly name = 'VersionsError';
  readonly code: VersionsErrorCode;

  constructor(code: VersionsErrorCode, options?: ErrorOptions) {
    super(messages[code], options);
    this.code = code;
  }
}
