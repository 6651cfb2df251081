import type { deploymentStates } from '#server/db/production-tables.ts';

/** Why a deployment ended without going live, for people: what happened and what to do. Codes are permanent. */
const errorMessages: Record<string, string> = {
  build_failed: 'The site could not be built. Look at the lines below, then ask doce to fix them and publish again.',
  build_timed_out: 'The build took too long and was ended. Look for something that never finishes, then publish again.',
  build_out_of_memory: 'The build used more memory than it may and was ended. Make its pages or data smaller, then publish again.',
  dependency_missing: 'The site needs a package or file that is not there. Ask doce to add it or do without, then publish again.',
  packages_unavailable: 'The packages are not here and the registry does not answer. Publish again once it does.',
  server_output:
    'This site is built for the server of another host. Use the adapter @astrojs/node in standalone mode, or none, then publish again.',
  server_middleware: 'The adapter is in middleware mode, which needs a server around it. Set its mode to "standalone", then publish again.',
  server_not_shown: 'This version needs a server of its own, so it can be published but not looked at here.',
  server_exited: 'The site’s server ended instead of answering. The lines below say why; correct that and publish again.',
  server_variable_missing: 'The site’s server ended because a variable is missing. Set it in the project’s settings, then publish again.',
  server_silent: 'The site’s server did not answer. It has to listen on the PORT it is given; correct that and publish again.',
  server_failing: 'The site’s server answers with errors only. Look at the lines below, correct that and publish again.',
  server_crashing:
    'The site’s server keeps ending and is started again each time. Go back to what was published before, or publish a correction.',
  script_unreadable:
    'A script of package.json can not be run here. Write it as a plain command such as “node server.js”, then publish again.',
  package_not_shared: 'A package of the site lies in a folder of its own. Add it as a dependency from the registry, then publish again.',
  no_pages: 'The build made no page. Add one to src/pages, then publish again.',
  output_too_large: 'The built site is too large to publish. Remove large files, then publish again.',
  storage_full: 'The disk is full. Free some space, then publish again; nothing was lost.',
  check_page: 'A page of the built site did not answer. Publish again; if it stays, ask doce to look at that page.',
  check_link: 'The site refers to something that is not there. Correct or remove these links, then publish again.',
  check_secret: 'The site would show one of your secret keys to everyone. Remove it from the files below, then publish again.',
  environment_unreadable:
    'A variable of this project can not be read any more. Set it again in the project’s settings, then publish again.',
  environment_changed: 'A variable was changed while this was being built. Publish again.',
  interrupted: 'doce was stopped too often while this was being built. Publish again.',
  release_missing: 'The built site is no longer on the disk. Publish again.',
  cancelled: 'This was cancelled before it went live.',
  replaced: 'Something newer was published before this went live.',
};

export const describeDeploymentError = (code: string): string => errorMessages[code] ?? 'Something went wrong. Publish again.';

const stateWords: Record<(typeof deploymentStates)[number], string> = {
  queued: 'Waiting',
  building: 'Building',
  checking: 'Checking',
  running: 'Live',
  superseded: 'Replaced',
  failed: 'Failed (nothing changed)',
  stopped: 'Stopped',
};

/** @param wasLive Whether it has ever been live: one that has not was cancelled. */
export function describeDeploymentState(state: (typeof deploymentStates)[number], wasLive: boolean): string {
  return state === 'stopped' && !wasLive ? 'Cancelled' : stateWords[state];
}
