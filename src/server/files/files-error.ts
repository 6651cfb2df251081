const messages = {
  bad_path: 'That path cannot name a file of the project.',
  private: 'That file is private.',
  not_found: 'There is nothing at that path.',
  not_a_file: 'There is no regular file at that path.',
  not_a_folder: 'There is a file where a folder would have to be.',
  exists: 'There is something at that path already.',
  too_large: 'That file is too large.',
} as const;

/** What the engine refuses. */
export class FilesError extends Error {
  override readonly name = 'FilesError';
  readonly code: keyof typeof messages;

  constructor(code: keyof typeof messages, options?: ErrorOptions) {
    super(messages[code], options);
    this.code = code;
  }
}
