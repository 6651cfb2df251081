let leaving = false;

/** Goes to another page of ours. While that is on its way a second reason to go is ignored: it would abort the first. */
export function leaveFor(path: string): void {
  if (leaving) return;
  leaving = true;
  location.assign(path);
}

// A page that comes back from the browser's cache may leave again.
addEventListener('pageshow', () => (leaving = false));
