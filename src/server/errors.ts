/** HTTP status by name; the edge maps it one to one. */
export const statusCodes = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD: 405,
  TIMEOUT: 408,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  MISDIRECTED: 421,
  INVALID: 422,
  TOO_MANY: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  BAD_GATEWAY: 502,
  STORAGE_FULL: 507,
} as const;
export type Status = keyof typeof statusCodes;

const catalogue = {
  bad_request: { status: 'BAD_REQUEST', message: 'That request could not be read. Check its format and send it again.' },
  unauthenticated: { status: 'UNAUTHENTICATED', message: 'You are signed out. Sign in and try again.' },
  wrong_credentials: { status: 'UNAUTHENTICATED', message: 'The username or password is not right. Check both and try again.' },
  cross_site_request: {
    status: 'FORBIDDEN',
    message: 'That request came from another site and was refused. Open doce in its own tab and try again.',
  },
  setup_token_invalid: {
    status: 'FORBIDDEN',
    message: 'That setup token is not valid. Use the link that doce printed when it last started.',
  },
  not_found: { status: 'NOT_FOUND', message: 'There is nothing at this address.' },
  method_not_allowed: { status: 'METHOD', message: 'This address does not take that kind of request.' },
  request_timeout: { status: 'TIMEOUT', message: 'The request took too long to arrive. Send it again.' },
  headers_too_large: {
    status: 'HEADERS_TOO_LARGE',
    message: 'The request carries too many cookies or too long an address. Clear the cookies of this site and try again.',
  },
  internal_error: {
    status: 'INTERNAL',
    message: 'Something went wrong on our side. Try again; if it stays, look for the request id in the log.',
  },
  stopping: { status: 'UNAVAILABLE', message: 'doce is stopping. Try again in a moment.' },
  project_not_found: { status: 'NOT_FOUND', message: 'That project does not exist.' },
  turn_not_found: { status: 'NOT_FOUND', message: 'That turn does not exist.' },
  template_not_found: { status: 'INVALID', message: 'That template does not exist. Leave it out to use the starter.' },
  project_busy: { status: 'CONFLICT', message: 'The project is being deleted. Nothing else can be done with it.' },
  job_not_found: { status: 'NOT_FOUND', message: 'That job does not exist. It may have been deleted.' },
  job_finished: { status: 'CONFLICT', message: 'That job has ended already. Nothing was changed.' },
  job_not_finished: { status: 'CONFLICT', message: 'That job has not ended yet. Cancel it first, or wait.' },
  job_already_done: { status: 'CONFLICT', message: 'That job succeeded. There is nothing to retry.' },
  job_key_taken: { status: 'CONFLICT', message: 'Another live job does the same work. Wait for it, or cancel it first.' },
  job_not_queued: { status: 'CONFLICT', message: 'That job is not waiting any more. Nothing was changed.' },
  job_not_running: { status: 'CONFLICT', message: 'That job is not running. Nothing was changed.' },
  bulk_not_found: { status: 'NOT_FOUND', message: 'That action is not known any more. It ended, or doce was restarted.' },
  version_not_found: { status: 'NOT_FOUND', message: 'That version does not exist.' },
  versions_unavailable: {
    status: 'UNAVAILABLE',
    message: 'The program git is not on this machine, so versions cannot be kept. Install it (Debian: apt-get install git).',
  },
  files_missing: { status: 'CONFLICT', message: 'The project has no files yet. Try again in a moment.' },
  too_many_files: { status: 'INVALID', message: 'The project has too many files to keep versions of. Remove some.' },
  file_not_found: { status: 'NOT_FOUND', message: 'There is no such file.' },
  project_not_ready: { status: 'CONFLICT', message: 'The files of this project are still being put in place. Try again in a moment.' },
  deployment_not_found: { status: 'NOT_FOUND', message: 'That publication does not exist.' },
  release_not_kept: { status: 'CONFLICT', message: 'What was built then is no longer kept. Publish that version again.' },
  release_not_running: {
    status: 'CONFLICT',
    message: 'The server of that release does not run any more. Publish that version again, or another one.',
  },
  deployment_live: { status: 'CONFLICT', message: 'This is live. Stop the site or publish something else first.' },
  nothing_to_start: { status: 'CONFLICT', message: 'Nothing has been published yet. Publish the site first.' },
  file_path_invalid: { status: 'INVALID', message: 'That path cannot name a file of the project. Use a path inside it, without “..”.' },
  file_private: { status: 'FORBIDDEN', message: 'Packages, repositories and secrets are not shown or edited here.' },
  file_exists: { status: 'CONFLICT', message: 'There is something at that path already. Choose another name.' },
  file_changed: { status: 'CONFLICT', message: 'The file has changed since you opened it. Look at what is there, then save again.' },
  file_in_the_way: {
    status: 'CONFLICT',
    message: 'Something else is at that path: a folder, a link or a file where a folder would have to be.',
  },
  file_too_large: { status: 'TOO_LARGE', message: 'That file is too large for the editor.' },
  no_turn_running: { status: 'CONFLICT', message: 'Nothing is being written at the moment.' },
  too_many_attachments: { status: 'INVALID', message: 'At most 10 files can be attached to a message. Remove some and send it again.' },
  attachments_too_large: {
    status: 'TOO_LARGE',
    message: 'Attached files may take 7 MiB together. Remove some or make them smaller, then send the message again.',
  },
  attachment_name_invalid: { status: 'INVALID', message: 'An attached file has no usable name. Rename it and attach it again.' },
  attachment_unreadable: {
    status: 'INVALID',
    message: 'The content of an attached file could not be read. Attach it again; in JSON its content has to be base64.',
  },
  attachments_not_placed: {
    status: 'CONFLICT',
    message: 'The attached files could not be put into the site’s folder. Attach them again and send the message.',
  },
  body_too_large: { status: 'TOO_LARGE', message: 'That is too large to send. Make it smaller and try again.' },
  unsupported_type: { status: 'UNSUPPORTED_TYPE', message: 'Send JSON or a form.' },
  environment_unreadable: {
    status: 'CONFLICT',
    message: 'A variable of this project can’t be read any more, because the key that sealed it is gone. Set it again in the settings.',
  },
  variable_not_found: { status: 'NOT_FOUND', message: 'This project has no variable of that name.' },
  too_many_variables: { status: 'CONFLICT', message: 'A project has at most 100 variables. Remove one that is not used first.' },
  site_content_elsewhere: {
    status: 'CONFLICT',
    message: 'This site keeps its title in its pages. Ask doce to change it, or edit the pages.',
  },
  site_image_invalid: { status: 'INVALID', message: 'That picture cannot be used. Choose another.' },
  slug_taken: { status: 'CONFLICT', message: 'Another project has that address. Choose another.' },
  address_not_found: { status: 'NOT_FOUND', message: 'This project had no such address.' },
  hostname_taken: { status: 'CONFLICT', message: 'That hostname shows something else. Choose another.' },
  hostname_not_found: { status: 'NOT_FOUND', message: 'This project has no such hostname.' },
  too_many_hostnames: { status: 'CONFLICT', message: 'A project has at most 20 hostnames. Remove one first.' },
  hostname_not_served: { status: 'NOT_FOUND', message: 'Nothing is shown at that hostname.' },
  unknown_host: { status: 'MISDIRECTED', message: 'This server does not answer for that hostname.' },
  invalid_input: { status: 'INVALID', message: 'Some fields are not right. Correct them and try again.' },
  throttled: { status: 'TOO_MANY', message: 'Too many attempts. Wait a moment and try again.' },
  too_many_streams: { status: 'TOO_MANY', message: 'Too many open tabs are listening. Close one and reload.' },
  database_unavailable: { status: 'UNAVAILABLE', message: 'The database is not answering. Try again in a moment.' },
  packages_unavailable: {
    status: 'UNAVAILABLE',
    message: 'The packages are not here and the registry does not answer. Try again once this machine is online.',
  },
  package_unknown: { status: 'INVALID', message: 'The site asks for a package that does not exist. Correct package.json, then try again.' },
  packages_unsupported: {
    status: 'INVALID',
    message: 'Only packages of a registry can be installed, not those of a folder. Change package.json, then try again.',
  },
  packages_too_large: { status: 'INVALID', message: 'The packages take too much space. Remove some from package.json, then try again.' },
  packages_timed_out: { status: 'UNAVAILABLE', message: 'Installing the packages took too long. Try again; what has arrived is kept.' },
  packages_failed: { status: 'INVALID', message: 'The packages could not be installed. Correct package.json, then try again.' },
  manifest_invalid: { status: 'INVALID', message: 'The file package.json cannot be read. Correct it, then try again.' },
  import_not_a_zip: { status: 'INVALID', message: 'That file is not a ZIP, or part of it is missing. Choose the ZIP of a site.' },
  import_zip_damaged: {
    status: 'INVALID',
    message: 'That ZIP is damaged: what is in it does not match its own list. Make it again, then import it.',
  },
  import_zip_encrypted: { status: 'INVALID', message: 'That ZIP asks for a password. Make one without, then import it.' },
  import_zip_method: {
    status: 'INVALID',
    message: 'That ZIP is packed in a way that cannot be read here. Make it again with ordinary compression.',
  },
  import_bad_path: {
    status: 'INVALID',
    message: 'It holds a path that leads out of its own folder, or that no file can have. Make it again from the site’s folder.',
  },
  import_name_unreadable: { status: 'INVALID', message: 'It holds a file whose name is not text. Rename that file, then import again.' },
  import_link: {
    status: 'INVALID',
    message: 'It holds a link or a device where a file would have to be. Put the file itself there, then import again.',
  },
  import_name_clash: {
    status: 'INVALID',
    message: 'Two of its names are the same, or differ only in capital letters. Rename one, then import again.',
  },
  import_too_many_files: {
    status: 'INVALID',
    message: 'It holds more than 10,000 files. Leave out what is made again by building, then import again.',
  },
  import_too_large: {
    status: 'INVALID',
    message: 'It is larger than 200 MiB. Leave out large files and what is made again by building, then import again.',
  },
  import_too_dense: {
    status: 'INVALID',
    message: 'It would unpack to more than a hundred times its size, which no site does. Make it again from the site’s folder.',
  },
  import_empty: { status: 'INVALID', message: 'There are no files in it. Choose another one.' },
  import_no_package: {
    status: 'INVALID',
    message: 'There is no package.json at its top, so it is no site that can run here. Choose the folder that holds one.',
  },
  import_plain_html: {
    status: 'INVALID',
    message:
      'These are plain HTML files without a package.json. Put them into the folder “public” of an Astro site and import that, or describe the site to doce.',
  },
  import_package_unreadable: { status: 'INVALID', message: 'Its package.json is not valid JSON. Correct it, then import again.' },
  import_no_dev_script: {
    status: 'INVALID',
    message: 'Its package.json names neither astro nor a “dev” script, so there is nothing to start. Add one, then import again.',
  },
  import_nothing_sent: { status: 'INVALID', message: 'No file came with that. Choose the ZIP of a site.' },
  import_upload_lost: {
    status: 'INVALID',
    message: 'The uploaded ZIP is no longer there. Delete this project and import the file again.',
  },
  import_git_address: {
    status: 'INVALID',
    message: 'That is not the https address of a repository. Use one such as https://example.com/person/site.git.',
  },
  import_git_credentials: {
    status: 'INVALID',
    message: 'That address holds a name or a password. Only public repositories can be imported: leave it out.',
  },
  import_git_private: {
    status: 'INVALID',
    message:
      'That address leads into a private network. Only repositories on the public internet can be imported; a ZIP can come from anywhere.',
  },
  import_git_host: { status: 'INVALID', message: 'The host of that address was not found. Check its spelling.' },
  import_git_unreachable: {
    status: 'INVALID',
    message: 'The server of that address did not answer as it should. Try again later, or use a ZIP.',
  },
  import_git_not_found: {
    status: 'INVALID',
    message: 'There is no public repository at that address. Check it, and that anybody may read the repository.',
  },
  import_git_slow: { status: 'INVALID', message: 'The repository did not arrive within a minute. Try again later, or use a ZIP.' },
  import_git_failed: { status: 'INVALID', message: 'Git could not fetch that repository. Try again, or use a ZIP.' },
  import_git_missing: {
    status: 'UNAVAILABLE',
    message: 'The program git is not on this machine. Install it (Debian: apt-get install git), or use a ZIP.',
  },
  storage_full: { status: 'STORAGE_FULL', message: 'The disk is full. Free some space and try again; nothing was lost.' },
} as const satisfies Record<string, { status: Status; message: string }>;

export type AppErrorCode = keyof typeof catalogue;
export const isAppErrorCode = (code: string): code is AppErrorCode => Object.hasOwn(catalogue, code);

/** A refusal we foresaw. Codes are permanent: job rows, logs and tests refer to them. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: AppErrorCode;
  readonly status: Status;
  /** What the caller may do about single fields, as zod reports them. */
  readonly issues: readonly { path: string; message: string }[] | undefined;
  /** For `throttled`: when another try makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: AppErrorCode,
    options: ErrorOptions & { message?: string; issues?: readonly { path: string; message: string }[]; retryAfterSeconds?: number } = {},
  ) {
    super(options.message ?? catalogue[code].message, options);
    this.code = code;
    this.status = catalogue[code].status;
    this.issues = options.issues;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
