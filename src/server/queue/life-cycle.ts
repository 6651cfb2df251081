import type { Engine } from './engine.ts';
import type { Pump } from './pump.ts';
import { DEFAULT_RETENTION, pruneHistory } from './prune.ts';
import type { Retention } from './prune.ts';
import { recoverOthers } from './recovery.ts';
import { changeSettings } from './settings.ts';
import type { QueueSettingsPatch } from './settings.ts';

/** The part of `Queue` that is about the queue as a whole. */
export function lifeCycle(engine: Engine, pump: Pump, flushAdds: () => void) {
  return {
    recover() {
      const { recovery, changes } = recoverOthers(engine);
      pump.announce(changes);
      if (changes.length > 0) engine.log.warn({ ...recovery }, 'took back the jobs of a host that died');
      pump.wake();
      return recovery;
    },
    start: () => pump.start(),
    stop(graceMs: number) {
      const stopped = pump.stop(graceMs);
      // By now nothing of them is claimed.
      flushAdds();
      return stopped;
    },
    liveLog: (jobId: string) =>
      pump
        .flights()
        .find(({ job }) => job.id === jobId)
        ?.logLines() ?? [],
    inFlight: () => pump.flights().map(({ job: { id, projectId, type, startedAtMs } }) => ({ jobId: id, projectId, type, startedAtMs })),
    prune: (retention: Partial<Retention> = {}, signal?: AbortSignal) =>
      pruneHistory(engine, { ...DEFAULT_RETENTION, ...retention }, signal),
    settings: () => ({ ...engine.settings }),
    updateSettings(patch: QueueSettingsPatch) {
      engine.settings = changeSettings(engine, patch);
      pump.wake();
      return { ...engine.settings };
    },
    health: () => ({
      ...engine.settings,
      queued: engine.statements.totals.get()!.queued,
      running: pump.flights().length,
    }),
    whenIdle: () => pump.whenIdle(),
  };
}
