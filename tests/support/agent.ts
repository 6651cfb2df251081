import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentHost } from '#server/agent/agent-host.ts';
import type { AgentHostDeps } from '#server/agent/agent-host.ts';
import type { AgentEvent, AgentPart } from '#server/agent/agent-types.ts';
import { systemClock } from '#server/clock.ts';
import { createLog } from '#server/log.ts';
import { startModelServer } from './model-server.ts';
import { makePlainSpawn } from './plain-spawn.ts';

export const MODEL = 'maker/model-1';

/** A project folder, a scripted model, and an agent host that runs the real opencode on them. */
export async function makeAgent(overrides: Partial<AgentHostDeps> = {}) {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-agent-'));
  const workspace = join(projectDir, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'AGENTS.md'), 'Instructions of this project: sing.');
  const model = await startModelServer();
  const spawner = makePlainSpawn();
  const log = createLog(process.env.AGENT_TEST_LOG ?? 'silent');
  const host = createAgentHost({ spawnChild: spawner.spawnChild, log, clock: systemClock, llmBaseUrl: () => model.baseUrl, ...overrides });
  const start = (models = [{ id: MODEL }], llmToken = 'llm-token-of-the-project') =>
    host.ensureStarted({ projectId: 'p1', projectDir, llmToken, models, signal: new AbortController().signal });

  return {
    host,
    model,
    spawner,
    projectDir,
    workspace,
    start,
    /** Runs one turn and gathers what the caller would have stored. */
    turn(sessionId: string, text: string, onEvent: (event: AgentEvent) => void = () => {}) {
      const parts = new Map<string, AgentPart>();
      const events: AgentEvent[] = [];
      const stop = new AbortController();
      const messageId = host.newMessageId();
      const result = host.runTurn({
        projectId: 'p1',
        sessionId,
        messageId,
        text,
        model: MODEL,
        signal: stop.signal,
        onEvent(event) {
          events.push(event);
          if (event.type === 'part') parts.set(event.part.id, event.part);
          onEvent(event);
        },
      });
      return { result, stop, messageId, events, parts: () => [...parts.values()].sort((a, b) => a.position - b.position) };
    },
    async close() {
      await host.stopAll();
      await model.close();
      rmSync(projectDir, { recursive: true, force: true });
    },
  };
}
