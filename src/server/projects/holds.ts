/** Processes that somebody needs up for a while, whatever the rows say. */
export interface Holds {
  /** Holds it until the returned function is called; calling it again does nothing. */
  hold(projectId: string, name: string): () => void;
  /** Names of the project's processes that are held. */
  of(projectId: string): string[];
}

/** @param onLetGo Told after each hold that ended. */
export function createHolds(onLetGo: (projectId: string) => void): Holds {
  const held = new Set<{ projectId: string; name: string }>();
  return {
    hold(projectId, name) {
      const one = { projectId, name };
      held.add(one);
      return () => {
        if (held.delete(one)) onLetGo(projectId);
      };
    },
    of: (projectId) => [...held].filter((one) => one.projectId === projectId).map(({ name }) => name),
  };
}
