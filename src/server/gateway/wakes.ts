const WAKE_SETTLES_MS = 5_000;

/** Passes a wake on once, and remembers it while it takes effect. */
export function createWakes(wake: (projectId: string) => void | Promise<void>) {
  const askedMs = new Map<string, number>();
  const isRecent = (projectId: string) => performance.now() - (askedMs.get(projectId) ?? -Infinity) < WAKE_SETTLES_MS;
  return {
    isRecent,
    settle: (projectId: string) => void askedMs.delete(projectId),
    async wake(projectId: string): Promise<void> {
      if (isRecent(projectId)) return;
      askedMs.set(projectId, performance.now());
      try {
        await wake(projectId);
      } catch (error) {
        askedMs.delete(projectId);
        throw error;
      }
    },
  };
}
