/** Who is looking at which preview: open answers and WebSockets, per project. */
export interface Viewers {
  /** Counts one until the returned function is called; calling it again does nothing. */
  begin(projectId: string): () => void;
  count(projectId: string): number;
  close(): void;
}

const TOUCH_EVERY_MS = 15_000;

/** @param touch Told at the start and end of each view, and every 15 s while one lasts. */
export function createViewers(touch: (projectId: string) => void): Viewers {
  const open = new Map<string, number>();
  const timer = setInterval(() => [...open.keys()].forEach((projectId) => touch(projectId)), TOUCH_EVERY_MS);
  timer.unref();
  return {
    begin(projectId) {
      open.set(projectId, (open.get(projectId) ?? 0) + 1);
      touch(projectId);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = (open.get(projectId) ?? 1) - 1;
        if (left > 0) open.set(projectId, left);
        else open.delete(projectId);
        touch(projectId);
      };
    },
    count: (projectId) => open.get(projectId) ?? 0,
    close: () => clearInterval(timer),
  };
}
